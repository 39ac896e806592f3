/** The words for steps of a recovery plan. */
import type { PlanProgress, StepKind } from '../../src-main/contract/plan-run.ts';

type State = PlanProgress['steps'][number]['state'];

export const stepStates: Record<State, { level: 'ok' | 'warn' | 'bad' | 'unknown'; word: string }> = {
  'to-come': { level: 'unknown', word: 'to come' },
  running: { level: 'unknown', word: 'under way' },
  done: { level: 'ok', word: 'done' },
  failed: { level: 'bad', word: 'failed' },
  skipped: { level: 'warn', word: 'left out' },
  'went-on': { level: 'warn', word: 'failed, and gone on without' },
};

export const stepKinds: Record<StepKind, string> = {
  command: 'command',
  wait: 'waits for a condition',
  manual: 'done by a person',
  servers: 'servers',
};
