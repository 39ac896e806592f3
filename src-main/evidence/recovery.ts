/**
 * How long a recovery took and what it lost, measured: from the first confirmation to the end of the last attempt, and
 * from the moment of the point that production was brought to until that confirmation. Where steps around it stopped
 * and were gone on with, the attempt that moved production is another one than the last.
 */
import { formatSeconds } from '../contract/figures.ts';
import type { Operation } from '../contract/phases.ts';
import type { RunFacts } from '../contract/run-facts.ts';
import type { Run } from '../contract/runs.ts';
import { momentOf } from './moments.ts';

const changesOfSides: readonly Operation[] = ['failover', 'planned-failover', 'failback', 'change-point'];

export interface Recovery {
  /** ISO 8601: when the operator confirmed, and when the last attempt ended. */
  confirmedAt: string;
  endedAt: string;
  seconds: number;
  /** Whether all of it was done; else production was moved, and steps after that are left. */
  complete: boolean;
  /** 0 where nothing was lost; null where the point is not known. */
  lossSeconds: number | null;
  /** The data loss window, as a sentence. */
  loss: string;
}

/** When the first attempt was confirmed, ISO 8601: runs that it had to wait for come before its start. */
export function confirmedOf(run: Run, led: readonly Run[]): string {
  const first = led[0] ?? run;
  return first.confirmedAt ?? first.startedAt;
}

/** What is known of the point that a run or one of those before it made or went to, the latest one. */
export function pointOf(run: Run, led: readonly Run[]): RunFacts['point'] {
  return [...led, run].findLast(({ report }) => report?.facts?.point !== undefined)?.report?.facts?.point;
}

/** Whether production was moved by it, whatever became of the steps after that. */
function hasMoved({ outcome, report }: Run): boolean {
  const facts = report?.facts;
  if (facts?.after.phase !== 'failed-over') return false;
  return outcome === 'succeeded' || facts.before.phase !== 'failed-over' || facts.point !== undefined;
}

/**
 * Of a run that brought production to a side, or went on where one had; null for any other, and for one that runs yet
 * or was blocked. `led`: the attempts that it went on from, oldest first.
 */
export function recoveryOf(run: Run, led: readonly Run[]): Recovery | null {
  const first = led[0] ?? run;
  if (!changesOfSides.includes(first.operation) || run.outcome === null || run.outcome === 'blocked') return null;
  if (![...led, run].some(hasMoved)) return null;
  const endedAt = new Date(Date.parse(run.startedAt) + run.seconds * 1000).toISOString();
  const confirmedAt = confirmedOf(run, led);
  const seconds = (Date.parse(endedAt) - Date.parse(confirmedAt)) / 1000;
  const known = { confirmedAt, endedAt, seconds, complete: run.outcome === 'succeeded' };
  /** That production runs, or may, was taken on by the operator. */
  const taken = [...led, run].some(({ accepted }) => accepted.includes('production-stopped'));
  if (first.operation === 'planned-failover' || first.operation === 'failback') {
    if (taken) {
      const loss = 'Not known: that production was stopped was not found, and taken on by the operator.';
      return { ...known, lossSeconds: null, loss };
    }
    const loss = 'Nothing: production was stopped, and the last cycle took what it had written.';
    return { ...known, lossSeconds: 0, loss };
  }
  const point = pointOf(run, led);
  if (point === undefined) {
    return { ...known, lossSeconds: null, loss: 'Not known: the point was not kept with the run.' };
  }
  const lossSeconds = Math.max(0, (Date.parse(confirmedAt) - Date.parse(point.at)) / 1000);
  const since = `What was written after ${momentOf(point.at)}, the moment of point ${point.id}`;
  const end = 'up to the end of the lost side';
  const window = formatSeconds(lossSeconds);
  const loss = taken
    ? `${since}, ${end}, which was seen running: ${window} up to the confirmation, and what was written there since.`
    : `${since}, ${end}: at most ${window}, counted to the confirmation.`;
  return { ...known, lossSeconds, loss };
}
