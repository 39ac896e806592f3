/** What can be done after a run that ended with an error, one sentence each. */
import type { ErrorReport } from '../contract/errors.ts';
import type { GroupView } from '../contract/groups.ts';
import { rehearsals, type Operation, type ShownPhase } from '../contract/phases.ts';
import { consistencyWords } from '../contract/wording.ts';
import { allPairs } from '../store/pairs.ts';
import { pointId } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { preferredPoint } from './points.ts';
import { otherSite } from './states.ts';

/** Phases that an operation passes through: a group found in one has something to go on with. */
const passing: readonly ShownPhase[] = ['interrupted', 'seeding', 'syncing', 'failing-over', 'undoing', 'reprotecting'];

/** How to go on after an error: with the phase that was left, or with what a test left. */
export function waysOn(
  operation: Operation,
  { name, phase, hints, testFailover: left }: GroupView,
  stoppedInSteps: boolean,
): string[] {
  if (stoppedInSteps) {
    return [`Go on at that step with: sitepair resume ${name}`, `Or give it up with: sitepair rollback ${name}`];
  }
  if (!rehearsals.includes(operation)) return passing.includes(phase) ? hints : [];
  return left === 'cleanup-needed' ? [`Remove what was made with: sitepair test-cleanup ${name}`] : [];
}

/** What a failover would take now, where a cycle stopped half way: the point, and what becomes of the open cycle. */
export function failoverNow(group: OpenGroup): string[] {
  const { name, replicaSite, state, definition } = group;
  const here = definition.siteNames[otherSite(replicaSite)];
  if (state.phase === 'seeding') {
    return [`Should ${here} fail now: there is no point yet that a failover could take, until this is complete`];
  }
  const record = group.recordOf(replicaSite);
  const point = state.phase === 'interrupted' && record !== null ? preferredPoint(record) : null;
  if (point === null) return [];
  const taken = `the open cycle is rolled back, and point ${pointId(point)} of ${point.at} (${consistencyWords[point.consistency]}) is taken`;
  const way =
    record?.doubtful === true
      ? `. The replica is known to differ from it, or may; who accepts that does it with: sitepair failover ${name} --accept replica-intact --confirm ${name}`
      : `, with: sitepair failover ${name} --confirm ${name}`;
  return [`Should ${here} fail now: ${taken}${way}`];
}

/**
 * The way of a cycle, or a seed, that stopped because its source could not be read: whoever fears that the source dies
 * may go on without what is lost already.
 */
export function wayAround(group: OpenGroup, { code, where = '' }: ErrorReport): string[] {
  const { name, replicaSite } = group;
  const receiving = group.recordOf(replicaSite)?.receiving;
  const skips = receiving?.kind === 'seed' || receiving?.kind === 'cycle';
  // The source may have been read through a snapshot, whose path is another; a file of a store is named without range.
  const ofTarget = allPairs(group.definition).some(({ paths }) => where.startsWith(`${paths[replicaSite]}, `));
  const ofSource = /, offset \d+, length \d+$/.test(where) && !ofTarget;
  if (code !== 'read-failed' || !skips || receiving.skipUnreadable === true || !ofSource) return [];
  return [
    `Or, where the source may be dying, go on without what cannot be read, for a point that is marked incomplete: sitepair resume ${name} --skip-unreadable --confirm ${name}`,
  ];
}
