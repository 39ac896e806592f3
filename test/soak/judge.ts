/** What must hold after one command, whatever it was and however it ended; each function gives what is wrong. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Answer } from './command.ts';
import { allMembers, members, membersIn } from './members.ts';
import { letterOf, otherLetter, type Both, type Model } from './model.ts';
import { differing, holds, letters, sameContents } from './sites.ts';

/** A command, and what was there before and after it. */
export interface Step {
  words: readonly string[];
  answer: Answer;
  group: { before: GroupView; after: GroupView };
  contents: { before: Both; after: Both };
}

/** Commands that write to no volume of a group. */
const readers = ['group', 'plan', 'compare', 'salvage', 'test-failover', 'test-cleanup', 'test-result', 'commit'];

/** Errors have words, at most one side is written, it is never production's, and a refused command writes none. */
export function judgeAlways({ words, answer, group, contents }: Step): string[] {
  const wrong: string[] = [];
  const { exitCode, report, printed } = answer;
  const error = report.error ?? report.run?.error;
  if (error?.code === 'internal') wrong.push(`an internal error: ${printed}`);
  if (error !== undefined && (error.message === '' || error.remedy === '')) wrong.push(`no words: ${printed}`);
  if (group.after.health.reasons.join().includes('split')) wrong.push('the group is split');
  const changed = letters.filter((site) => !sameContents(contents.before[site], contents.after[site]));
  if (changed.length > 1) wrong.push('both sites were changed');
  const refused = exitCode === 2 || exitCode === 3 || exitCode === 4;
  if (refused && changed.length > 0) wrong.push('a refused command changed volumes');
  if (readers.includes(words[0] ?? '') && changed.length > 0) wrong.push('a command that writes none changed volumes');
  const theirs = [...allMembers(group.before), ...allMembers(group.after)];
  const others = letters.flatMap((site) =>
    differing(contents.before[site], contents.after[site]).filter((n) => !theirs.includes(n)),
  );
  if (others.length > 0) wrong.push(`volumes of no group were changed: ${others.join()}`);
  const { activeSite, phase, cutOff } = group.before;
  // A run of either that was cut off before it changed anything is gone on with by a resume.
  const goesOn = words[0] === 'resume' && cutOff?.changesSides === true;
  const movesActive = words[0] === 'change-point' || (words[0] === 'undo' && phase === 'failed-over') || goesOn;
  if (activeSite !== null && !movesActive && changed.includes(letterOf(activeSite))) {
    wrong.push(`production's volumes at the ${activeSite} site were changed`);
  }
  return wrong;
}

/** A command that has ended well did what it is for. */
export function judgeSuccess({ words, answer, group, contents }: Step, model: Model): string[] {
  const [command = ''] = words;
  const { before, after } = group;
  if (['protect', 'sync', 'reprotect'].includes(command) && after.phase === 'protected') {
    return mirrored(after, contents.after) ? [] : ['the sites differ'];
  }
  if (command === 'undo' && after.phase === 'committed') {
    const undone = before.points.find(({ kind, state }) => kind === 'before-reprotect' && state === 'usable');
    const held = undone === undefined ? null : (model.points.get(undone.id) ?? null);
    if (undone === undefined || held === null) return [];
    if (holds(contents.after[undone.site], held, membersIn(before, undone))) return [];
    return [`the reprotect is undone, yet ${undone.site} is not as it was before it`];
  }
  if (!['failover', 'failback', 'change-point'].includes(command)) return [];
  return judgePromotion(answer.report.run?.pointId, group, contents.after, model);
}

/** Whether the replica holds all that production's volumes hold. */
export function mirrored(group: GroupView, contents: Both): boolean {
  if (group.activeSite === null) return false;
  const active = letterOf(group.activeSite);
  return holds(contents[otherLetter(active)], contents[active], members(group));
}

function judgePromotion(
  id: string | undefined,
  { before, after }: Step['group'],
  contents: Both,
  model: Model,
): string[] {
  const { activeSite, phase } = after;
  if (activeSite === null || phase !== 'failed-over') return [`it ended well, yet nobody is active (${phase})`];
  if (id === undefined) return ['it does not say to which point it went'];
  const held = model.points.get(id);
  if (held === undefined) return [`point ${id} was never listed`];
  const point = before.points.find((one) => one.id === id);
  // What a point lacks was said before, as was that it is damaged.
  if (held === null || point?.state === 'damaged') return [];
  if (holds(contents[letterOf(activeSite)], held, membersIn(before, point))) return [];
  return [`the ${activeSite} site does not hold point ${id}`];
}
