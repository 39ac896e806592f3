/** Whether what is to be told of a group's readiness is another thing than was told last: a loss once, and its end. */
import type { AlertEvent } from '../../contract/alerts.ts';
import { provedNow, type Readiness, type Way } from '../../contract/readiness.ts';
import type { NewAlert } from '../schedule/target-watch.ts';
import { blockedWords } from './standing-proof.ts';

/** A group of which something is proved, or is to be proved again. */
export interface ProvedGroup {
  groupId: string;
  name: string;
  readiness: Readiness;
}

/** What is told of one way. */
export interface WayEvents {
  way: Way;
  lost: AlertEvent;
  back: AlertEvent;
}

export const watchedWays: readonly WayEvents[] = [
  { way: 'failover', lost: 'failover-blocked', back: 'failover-possible' },
  { way: 'way-back', lost: 'way-back-blocked', back: 'way-back-possible' },
];

/**
 * What is to be told now of one way. `told`: which of its events was told of each group last, by id. What has to be
 * proved again, or by another machine, is neither lost nor back.
 */
export function readinessDue(
  groups: readonly ProvedGroup[],
  { way, lost, back }: WayEvents,
  told: ReadonlyMap<string, { event: AlertEvent }>,
): NewAlert[] {
  return groups.flatMap(({ groupId, name, readiness }): NewAlert[] => {
    const proof = provedNow(readiness, way);
    if (proof === null || proof.state === 'elsewhere') return [];
    const isLost = proof.state === 'blocked';
    if (isLost === (told.get(groupId)?.event === lost)) return [];
    const what = way === 'way-back' ? `The way back of ${name} to ${proof.to}` : `A failover of ${name} to ${proof.to}`;
    const message = isLost ? `${name}: ${blockedWords(proof)}` : `${what} is possible again, by the last look.`;
    return [{ groupId, name, event: isLost ? lost : back, message, targetSeconds: null, ageSeconds: null }];
  });
}
