/** Runs in words, for notifications, the tray and the question before leaving. */
import type { Outcome } from '../../contract/runs.ts';
import { outcomeWords } from '../../contract/wording.ts';
import type { OwnRun } from './own-runs.ts';

/** "Planned failover of erp". */
export function runTitle({ operation, group }: OwnRun): string {
  const words = operation.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} of ${group}`;
}

/** "Planned failover of erp is done". */
export function endTitle(run: OwnRun, outcome: Outcome | null): string {
  return `${runTitle(run)} ${outcome === null ? 'has ended' : outcomeWords[outcome]}`;
}
