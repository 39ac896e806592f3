/** Which letter a side of a group has, and whether its store tells anything. */
import type { GroupView } from './groups.ts';
import type { SiteLetter, SiteRole } from './phases.ts';

export function letterOf(group: GroupView, role: SiteRole | null): SiteLetter | null {
  if (role === null) return null;
  return role === 'primary' ? group.primarySite.letter : group.recoverySite.letter;
}

/** The side that holds the replica or is written now, or would be with the first protect. */
export function replicaLetter(group: GroupView): SiteLetter {
  return letterOf(group, group.replicaSite) ?? group.recoverySite.letter;
}

/** Whether the store of a side can be used: nothing else tells how it stands there now. */
export function answers(group: GroupView, letter: SiteLetter): boolean {
  return group.stores.every((store) => store.site !== letter || store.state === 'read');
}
