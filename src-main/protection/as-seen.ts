/**
 * Whether a group still stands as it did when somebody looked and confirmed: the same word may mean another thing since
 * (an undo of a failover, then of a reprotect), and the same name another group or other volumes.
 */
import { SitepairError } from '../contract/errors.ts';
import type { ShownPhase } from '../contract/phases.ts';
import type { Standing } from '../contract/runs.ts';
import { whatItIs } from './states.ts';

/** Cycles come and go between a look and a typed name; what is confirmed stays the same. */
const ofProtected: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];

/** Throws `not-allowed` where the group stands otherwise now than it was seen, if it was. */
export function assertAsSeen(name: string, seen: Standing | undefined, now: Standing): void {
  if (seen === undefined) return;
  const change = changeSince(name, seen, now);
  if (change === null) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `${change} Nothing was changed.`,
    where: name,
    remedy: 'Look at the group again; if it is still what you want, begin anew.',
  });
}

function changeSince(name: string, seen: Standing, now: Standing): string | null {
  if (seen.id !== now.id) return `Another group has the name ${name} since this was confirmed.`;
  const alike = seen.phase === now.phase || [seen, now].every(({ phase }) => ofProtected.includes(phase));
  if (!alike || seen.epoch !== now.epoch) {
    const is = now.phase === 'unknown' ? 'has no store that can be used' : whatItIs(now.phase);
    return `The group ${name} has changed since this was confirmed: now it ${is} (epoch ${now.epoch}, then ${seen.epoch}).`;
  }
  if (seen.version === now.version) return null;
  return `The paths or the policy of the group ${name} were changed since this was confirmed.`;
}
