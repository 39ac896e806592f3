/** Which ways a group has as it stands now, whether or not anything was proved of them. */
import { letterOf, replicaLetter } from './group-sides.ts';
import type { GroupView } from './groups.ts';
import type { ShownPhase, SiteLetter } from './phases.ts';
import type { WayProof } from './readiness.ts';

/** Production went away from the old side, which is not overwritten yet. */
const goneAway: readonly ShownPhase[] = ['failed-over', 'committed'];

/** In the order in which they are proved. */
export function waysOf(group: GroupView): Pick<WayProof, 'way' | 'to'>[] {
  const there = replicaLetter(group);
  if (goneAway.includes(group.phase)) return [{ way: 'way-back', to: nameOf(group, there) }];
  const to = nameOf(group, there);
  const home = nameOf(group, there === 'A' ? 'B' : 'A');
  return [
    { way: 'failover', to },
    { way: 'planned-failover', to },
    { way: 'way-back', to: home },
  ];
}

/** Why there is no failover to prove, as a sentence; null where there is one. */
export function whyNoFailover(group: GroupView): string | null {
  const active = letterOf(group, group.activeSite);
  if (!goneAway.includes(group.phase) || active === null) return null;
  return `Production is at ${nameOf(group, active)} and has no replica to fail over to before a reprotect.`;
}

function nameOf({ primarySite, recoverySite }: GroupView, letter: SiteLetter): string {
  return primarySite.letter === letter ? primarySite.name : recoverySite.name;
}
