/** What was filled in of a group that is not made yet: it is there again with its wizard, until Sitepair is closed. */
import { usualPolicy, type NewPolicy } from './new-policy.ts';

export interface UnfinishedGroup {
  at: number;
  name: string;
  primarySite: string;
  recoverySite: string;
  pairs: { source: string; target: string }[];
  primaryStore: string;
  recoveryStore: string;
  typed: NewPolicy;
}

let kept: UnfinishedGroup | null = null;

/** `sites`: of a group that is there already, as most groups lie at the same two. */
export function unfinishedGroup(sites: { primarySite: string; recoverySite: string }): UnfinishedGroup {
  const fresh = { at: 0, name: '', pairs: [{ source: '', target: '' }], primaryStore: '', recoveryStore: '' };
  return kept ?? { ...fresh, ...sites, typed: { ...usualPolicy } };
}

/** Keeps it; null once it was made, or is not wanted any more. */
export function keepUnfinished(group: UnfinishedGroup | null): void {
  kept = group;
}
