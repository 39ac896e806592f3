/** Whether a group's present phase allows an operation: what its buttons, its check and the command line go by. */
import type { Operation, Phase, SiteLetter } from '../contract/phases.ts';
import { mayHoldMix, wasCutOff } from '../store/content.ts';
import { reasonToTakeBack, takingBack } from '../store/cycle.ts';
import type { Receiving } from '../store/record.ts';
import { reasonAgainstComparing } from './both-written.ts';
import type { OpenGroup } from './group.ts';
import { stoppedSequence } from './plan/going-on.ts';
import { directoriesLeft, reasonAgainstCleanUp, reasonAgainstTest, testsOf } from './rehearsal/group-tests.ts';
import { eventOf, findRow, otherSite } from './states.ts';
import { isUnfinished, mayStartAnew, startsAnew } from './store-setup.ts';

/** What ends a split: the operator's word. */
export function remedyOfSplit(name: string): string {
  return `Choose the side to keep: sitepair group adopt STORE_DIR --group ${name} --take-over --confirm ${name}, with the store of that side. What each holds of its own is told by: sitepair compare ${name}`;
}

/** Operations that rely on the point that the replica is at. */
const onPoint: readonly Operation[] = ['sync', 'resume', 'verify', 'planned-failover', 'failback', 'test-failover'];

/** Phases that a run passes through. */
const underWay: readonly Phase[] = ['seeding', 'syncing', 'failing-over', 'undoing', 'reprotecting'];

/** The open cycle of the replica where it can only be taken back, and why; null elsewhere. */
export function onlyTakenBack(group: OpenGroup): { receiving: Receiving; reason: string } | null {
  const receiving = group.recordOf(group.replicaSite)?.receiving ?? null;
  const reason = receiving === null ? null : reasonToTakeBack(receiving, group.ownership.governing?.epoch ?? 0);
  return receiving === null || reason === null ? null : { receiving, reason };
}

/** What to do where an operation is not allowed now. */
export function remedyAgainst(group: OpenGroup, operation: Operation): string {
  if (group.ownership.relation === 'split') return remedyOfSplit(group.name);
  if (group.ownership.governing === null) return 'Mount the file system of at least one store, or reach its site.';
  const lost = operation === 'resume' ? onlyTakenBack(group) : null;
  if (lost !== null) return takingBack(group.name, lost.receiving);
  if (operation === 'test-failover' && directoriesLeft(testsOf(group)).length > 0) {
    return `Clean up the last one: sitepair test-cleanup ${group.name}`;
  }
  return `See what is allowed now with: sitepair group show ${group.name}`;
}

/** Why an operation is not allowed now, as half a sentence without a full stop; null where it is. */
export function reasonAgainst(group: OpenGroup, operation: Operation): string | null {
  // It writes nothing, and is what tells which side to keep.
  if (operation === 'compare') return reasonAgainstComparing(group);
  if (operation === 'test-cleanup') return reasonAgainstCleanUp(group);
  if (group.ownership.relation === 'split') return 'both sides were promoted without knowing of each other (split)';
  if (group.ownership.governing === null) return 'neither store can be used, so nothing is known of the group';
  const { phase, primarySite } = group.state;
  const replica = group.sides[group.replicaSite];
  const old = group.recordOf(group.replicaSite);
  const points = (['A', 'B'] as const).reduce((sum, site) => sum + pointsKept(group, site), 0);
  const nameOfReplica = group.definition.siteNames[group.replicaSite];
  // A replica whose store is an old copy, or knows no point, is protected anew; no cycle is built on it.
  const anew = mayStartAnew.includes(phase) && startsAnew(replica);
  if (anew && operation === 'protect') return null;
  if (anew && old !== null && onPoint.includes(operation)) {
    return `the store of ${nameOfReplica} knows no point of the replica; compare both sides anew with protect --overwrite`;
  }
  if (old !== null && isUnfinished(old) && phase !== 'unprotected' && operation !== 'failover') {
    return `the new store of ${nameOfReplica} was not finished; give it to the group once more with group set`;
  }
  if (operation === 'test-failover') return reasonAgainstTest(group);
  if (operation === 'verify') {
    return phase === 'protected' ? null : 'the replica can be verified only while the group is protected';
  }
  if (operation === 'failback' && otherSite(group.replicaSite) === primarySite) {
    const { siteNames } = group.definition;
    return `production is at the primary site ${siteNames[primarySite]} already, so there is nothing to fail back`;
  }
  const lost = operation === 'resume' ? onlyTakenBack(group) : null;
  if (lost !== null) return `the open cycle cannot be gone on with: ${lost.reason}`;
  if (operation === 'drop-point' && points === 0) return 'there is no point';
  const event = eventOf[operation];
  if (event === null) return null;
  if (operation === 'undo' && phase === 'failed-over' && old !== null && mayHoldMix(old)) {
    const doing = old.promoting ? 'promoted' : 'overwritten';
    const when = wasCutOff(old) ? `while it was being ${doing}` : 'half-way between two states';
    return `${nameOfReplica} was cut off ${when}, so there is no production there to go back to; commit, then reprotect`;
  }
  const stopped = operation === 'resume' || operation === 'rollback' ? stoppedSequence(group) : null;
  if (stopped !== null && (operation === 'resume' || stopped.stage === 'before')) return null;
  const found = findRow(group.state, event);
  if (!('reason' in found)) return null;
  // What would be said of one that was cut off is no advice while it goes on.
  return underWay.includes(phase) && !group.locked && group.holder() !== null
    ? 'a run is under way; wait for its end, or stop it'
    : found.reason;
}

function pointsKept(group: OpenGroup, site: SiteLetter): number {
  const record = group.recordOf(site);
  return record === null ? 0 : record.points.length + record.beforeChange.length;
}
