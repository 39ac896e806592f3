/** What must hold where a step of the recovery plan fails, and where a run goes on behind one. */
import type { Step } from './judge.ts';
import { letters, sameContents } from './sites.ts';

/** The ids of the steps: one before the operations of the plan, one after them. */
export const planSteps = ['before-it', 'after-it'] as const;

/** A failed step before an operation leaves all as it was; where only steps after it are left, no volume is written. */
export function judgeSteps({ words, answer, group, contents }: Step): string[] {
  const changed = letters.filter((site) => !sameContents(contents.before[site], contents.after[site]));
  const error = answer.report.run?.error;
  const { cutOff, phase } = group.before;
  if (error?.code === 'step-failed' && error.where === planSteps[0]) {
    if (changed.length > 0) return ['a step before the operation failed, yet volumes were changed'];
    if (group.after.phase !== phase) return ['a step before the operation failed, yet the phase is another one'];
  }
  const onlySteps = cutOff?.rollback.length === 0 && !cutOff.changesSides;
  const rests = ['protected', 'failed-over', 'committed'].includes(phase);
  if (words[0] !== 'resume' || !onlySteps || !rests) return [];
  if (changed.length > 0) return ['steps were gone on with, yet volumes were changed'];
  return group.after.phase === phase ? [] : ['steps were gone on with, yet the phase is another one'];
}
