/** Runs in words, for notifications, the tray and the question before leaving. */
import type { Outcome } from '../../contract/runs.ts';
import type { OwnRun } from './own-runs.ts';

const outcomes: Readonly<Record<Outcome, string>> = {
  succeeded: 'is done',
  failed: 'failed',
  blocked: 'was blocked, nothing was changed',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted',
};

/** "Planned failover of erp". */
export function runTitle({ operation, group }: OwnRun): string {
  const words = operation.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} of ${group}`;
}

/** "Planned failover of erp is done". */
export function endTitle(run: OwnRun, outcome: Outcome | null): string {
  return `${runTitle(run)} ${outcome === null ? 'has ended' : outcomes[outcome]}`;
}
