/** Whether a group's present phase allows an operation: what its buttons, its check and the command line go by. */
import type { Operation } from '../contract/phases.ts';
import { flushFailedIn, takingBack } from '../store/cycle.ts';
import type { Receiving } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { eventOf, findRow, otherSite } from './states.ts';
import { mayStartAnew } from './store-setup.ts';

/** What ends a split: the operator's word. */
export function remedyOfSplit(name: string): string {
  return `Choose the side to keep: sitepair group adopt STORE_DIR --group ${name} --take-over --confirm ${name}, with the store of that side.`;
}

/** The open cycle of the replica, where a flush failed in it: it can only be taken back. */
export function lostToFlush(group: OpenGroup): Receiving | null {
  const receiving = group.recordOf(group.replicaSite)?.receiving ?? null;
  return receiving?.flushFailed === true ? receiving : null;
}

/** What to do where an operation is not allowed now. */
export function remedyAgainst(group: OpenGroup, operation: Operation): string {
  if (group.ownership.relation === 'split') return remedyOfSplit(group.name);
  const lost = operation === 'resume' ? lostToFlush(group) : null;
  if (lost !== null) return takingBack(group.name, lost);
  return `See what is allowed now with: sitepair group show ${group.name}`;
}

/** Why an operation is not allowed now, as half a sentence without a full stop; null where it is. */
export function reasonAgainst(group: OpenGroup, operation: Operation): string | null {
  if (group.ownership.relation === 'split') return 'both sides were promoted without knowing of each other (split)';
  const { phase, primarySite } = group.state;
  const replica = group.sides[group.replicaSite];
  if (operation === 'verify') {
    return phase === 'protected' ? null : 'the replica can be verified only while the group is protected';
  }
  if (operation === 'failback' && otherSite(group.replicaSite) === primarySite) {
    const { siteNames } = group.definition;
    return `production is at the primary site ${siteNames[primarySite]} already, so there is nothing to fail back`;
  }
  // A replica whose store is an old copy is protected anew.
  if (operation === 'protect' && mayStartAnew.includes(phase) && replica.state === 'stale') return null;
  if (operation === 'resume' && lostToFlush(group) !== null) {
    return `the open cycle cannot be gone on with: ${flushFailedIn}`;
  }
  const event = eventOf[operation];
  if (event === null) return null;
  const old = group.recordOf(group.replicaSite);
  if (operation === 'undo' && phase === 'failed-over' && (old?.promoting ?? old?.moving ?? old?.receiving)) {
    const name = group.definition.siteNames[group.replicaSite];
    const doing = old.promoting ? 'promoted' : 'overwritten';
    return `${name} was cut off while it was being ${doing}, so there is no production there to go back to; commit, then reprotect`;
  }
  const found = findRow(group.state, event);
  return 'reason' in found ? found.reason : null;
}
