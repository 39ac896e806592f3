/** How long runs of the past took, for operations of which no sample says how long they will take. */
import type { Operation } from '../../src-main/contract/phases.ts';
import { workedInStep, workedSeconds } from '../../src-main/contract/run-time.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { bytes, deed, timeAndAge, took } from './wording.ts';

/** They go through volumes, and their reviews tell no time of their own. */
const untold: readonly Operation[] = ['verify', 'compare', 'undo', 'rollback'];

/**
 * One sentence or two; null where nothing of the past says it. `runs`: the newest first; `now`: milliseconds since the
 * epoch.
 */
export function timeOfPast(operation: Operation, group: string, runs: readonly Run[], now: number): string | null {
  if (!untold.includes(operation)) return null;
  const whole = runs.filter((run) => run.groupName === group && run.outcome === 'succeeded');
  const alike = whole.find((run) => run.operation === operation);
  if (alike !== undefined) {
    const moved = alike.bytesCompared + alike.bytesWritten === 0 ? '' : `, with ${figuresOf(alike)}`;
    const when = timeAndAge(alike.startedAt, now);
    return `The last ${deed(operation)} of ${group} took ${took(workedSeconds(alike))}${moved}, at ${when}.`;
  }
  const through = whole.find((run) => run.bytesCompared > 0);
  if (through === undefined) return null;
  // The step that goes through the volumes is the longest.
  const seconds = through.steps.reduce((most, step) => Math.max(most, workedInStep(step)), 0);
  const other = `Its last ${deed(through.operation)} took ${took(seconds)} for ${figuresOf(through)}.`;
  return `How long the ${deed(operation)} of ${group} takes is not known yet. ${other}`;
}

function figuresOf({ bytesCompared, bytesWritten }: Run): string {
  return `${bytes(bytesCompared)} read and ${bytes(bytesWritten)} written`;
}
