/** What the last runs of a group say of its next cycle. */
import type { Runs } from '../../catalog/runs.ts';
import { rehearsals, type Operation } from '../../contract/phases.ts';
import { cycleSeconds } from '../../contract/run-time.ts';
import type { Outcome, Run } from '../../contract/runs.ts';
import { besideCycles, type Holding } from '../../contract/schedule.ts';
import { blockedAtOnce } from '../blocked-at-once.ts';
import { durationsAsked, type CycleFacts } from './due.ts';

/** How far back runs are looked at; those of other operations lie between. */
const runsAsked = 40;

/** Whole cycles; what was gone on with says only how long the rest took. */
const whole: readonly Operation[] = ['sync', 'planned-failover'];
/** Runs that go through all of the volumes, at the least: what is known of a group that had no cycle yet. */
const likeOne: readonly Operation[] = ['protect', 'reprotect', 'failback'];
/** What the scheduler begins. */
const begun: readonly Operation[] = ['sync', 'resume'];
/** Runs after which the source is left alone for a while. */
const reads: readonly Operation[] = [...begun, ...whole, ...likeOne];
/** Runs that say nothing of whether cycles go well. */
const beside: readonly Operation[] = [...besideCycles, 'rollback'];
/** Runs whose success leaves a group that wants its cycles. */
const wantsCycles: readonly Operation[] = [
  'protect',
  'reprotect',
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
];
/** A cycle that ended so is to be tried again after a while; one that was interrupted lost only its process. */
const failing: readonly (Outcome | null)[] = ['failed', 'blocked'];

export interface History extends Pick<
  CycleFacts,
  'durations' | 'measured' | 'lastEndAt' | 'failures' | 'lastFailureAt'
> {
  /**
   * The run that the operator stopped, or by which he meant to take it back or to leave by a failover, and when it
   * ended (milliseconds), where he began nothing since that would end in a cycle; null where there is none.
   */
  holding: (Holding & { at: number }) | null;
}

/** `just`: a run that has just ended, and is not kept as such yet. */
export function historyOf(runs: Runs, group: string, just?: Run): History {
  const ended = runs
    .list({ group, limit: runsAsked })
    .map((run) => (just?.id === run.id ? just : run))
    .filter((run) => run.outcome !== null && !rehearsals.includes(run.operation));
  const took = (operations: readonly Operation[]): number[] =>
    ended
      .filter((run) => operations.includes(run.operation) && run.outcome === 'succeeded')
      .slice(0, durationsAsked)
      .map(cycleSeconds);
  const cycles = took(whole);
  const telling = ended.filter((run) => !beside.includes(run.operation));
  const failed = failuresOf(telling);
  const last = ended.find(({ operation, outcome }) => outcome === 'succeeded' && reads.includes(operation));
  return {
    durations: cycles.length > 0 ? cycles : took(likeOne),
    measured: cycles.length > 0,
    lastEndAt: last === undefined ? null : endOf(last),
    failures: failed.length,
    lastFailureAt: failed[0] === undefined ? null : endOf(failed[0]),
    holding: holding(ended),
  };
}

/** By the newest run that tells. `ended`: newest first. */
function holding(ended: readonly Run[]): History['holding'] {
  for (const [index, run] of ended.entries()) {
    const { operation, outcome, stopAsked = false } = run;
    const succeeded = outcome === 'succeeded';
    // One that was given up, or killed, after it had been asked to stop may have ended as anything.
    const wasStopped = outcome === 'cancelled' || (stopAsked && !succeeded);
    if (operation === 'rollback' || operation === 'failover') {
      if (!succeeded) return { operation, stopped: wasStopped, at: endOf(run) };
    } else if (wasStopped && !beside.includes(operation)) return { operation, stopped: true, at: endOf(run) };
    if (cameToNothing(run) && stoppedFailover(ended.slice(index + 1))) continue;
    // While they are stopped only somebody begins one by hand.
    if (begun.includes(operation) || (succeeded && wantsCycles.includes(operation))) return null;
  }
  return null;
}

function cameToNothing({ operation, outcome }: Run): boolean {
  return operation === 'resume' && outcome !== 'succeeded';
}

/** Whether a resume meant a failover that had stopped at a step: it is wanted as much as before. */
function stoppedFailover(earlier: readonly Run[]): boolean {
  const meant = earlier.find(
    (run) => !besideCycles.includes(run.operation) && !cameToNothing(run) && !blockedAtOnce(run),
  );
  return meant?.operation === 'failover' && meant.outcome !== 'succeeded';
}

/** The tries that failed since anything went well, newest first. */
function failuresOf(ended: readonly Run[]): Run[] {
  const well = ended.findIndex((run) => !begun.includes(run.operation) || run.outcome === 'succeeded');
  return (well === -1 ? ended : ended.slice(0, well)).filter(({ outcome }) => failing.includes(outcome));
}

function endOf(run: Run): number {
  return Date.parse(run.startedAt) + run.seconds * 1000;
}
