/**
 * What stands above all else of a group, with the way on: production that is out of reach, a replica in doubt,
 * cycles that are held.
 */
import type { GroupView } from '../../src-main/contract/groups.ts';
import { letterOf, replicaLetter } from '../../src-main/contract/group-sides.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { heldWords } from '../../src-main/contract/schedule.ts';
import { siteNames } from './sides.ts';

export interface Alarm {
  level: 'bad' | 'warn';
  /** As the health of the group has it. */
  text: string;
  /** What the way on comes to, as a sentence; empty where there is none now. */
  then: string;
  /** What it offers; null where that is not allowed now. */
  operation: Operation | null;
  /** What is chosen there already. */
  preset?: string;
  /** When it was looked at last, where that is what ends it. */
  lookedAt?: string;
}

/** A cycle that waits for what does not answer makes way for a failover. */
export function alarmsOf(group: GroupView): Alarm[] {
  return [...alarmOfReach(group), ...alarmOfDoubt(group), ...alarmOfHeld(group)];
}

/** Where something is cut off, that is offered to be gone on with. */
function alarmOfHeld(group: GroupView): Alarm[] {
  const { byClock } = group;
  if (byClock?.does !== 'hold' || !can(group, 'sync')) return [];
  return [{ level: 'warn', text: heldWords(byClock.since, byClock.by), then: '', operation: 'sync' }];
}

function alarmOfDoubt(group: GroupView): Alarm[] {
  const { doubtful: text } = group;
  if (text === undefined) return [];
  const accepted = 'Until it is mended a failover takes it only where that is accepted.';
  if (!can(group, 'verify')) {
    const resume = group.phase === 'interrupted' ? 'Resume compares all of it, which mends it. ' : '';
    return [{ level: 'warn', text, then: `${resume}${accepted}`, operation: null }];
  }
  const then = `A verify that repairs mends them; what that cannot verify, a sync compares anew. ${accepted}`;
  return [{ level: 'warn', text, then, operation: 'verify', preset: 'repair' }];
}

function alarmOfReach(group: GroupView): Alarm[] {
  const { unreached } = group;
  if (unreached === undefined) return [];
  const active = letterOf(group, group.activeSite);
  const names = siteNames(group);
  const there = replicaLetter(group);
  const may = can(group, 'failover') && active !== null && active !== there;
  const goesOn = may && group.stores.some(({ site, state }) => site === there && state === 'read');
  const then = goesOn
    ? `If ${names[active]} is lost, production goes on at ${names[there]} with a failover.`
    : may
      ? `The store of ${names[there]} cannot be used either, and a failover needs it: mount what holds it.`
      : '';
  const { lookedAt } = group;
  return [{ level: 'bad', text: unreached, then, operation: goesOn ? 'failover' : null, lookedAt }];
}

/** `reasons` without what an alarm says already. */
export function besideAlarms(reasons: readonly string[], alarms: readonly Alarm[]): string[] {
  return reasons.filter((reason) => alarms.every(({ text }) => !reason.startsWith(text)));
}

function can(group: GroupView, operation: Operation): boolean {
  return group.actions.some((action) => action.operation === operation && action.allowed);
}
