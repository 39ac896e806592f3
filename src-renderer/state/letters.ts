/**
 * One letter for each site in all of the window. A group's own letters say only which of its sites is the primary one;
 * where one group's primary site is another's recovery site, the site would stand in both columns.
 */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { SiteLetter } from '../../src-main/contract/phases.ts';

function swapped(letter: SiteLetter): SiteLetter {
  return letter === 'A' ? 'B' : 'A';
}

function withSwappedLetters(group: GroupView): GroupView {
  const { primarySite, recoverySite, points, stores } = group;
  return {
    ...group,
    primarySite: { ...primarySite, letter: swapped(primarySite.letter) },
    recoverySite: { ...recoverySite, letter: swapped(recoverySite.letter) },
    points: points.map((point) => ({ ...point, site: swapped(point.site) })),
    stores: stores.map((store) => ({ ...store, site: swapped(store.site) })),
  };
}

/** The groups with letters that agree: their own, but where a site has both the site whose name comes first is A. */
export function withAgreeingLetters(groups: readonly GroupView[]): GroupView[] {
  const sites = groups.flatMap(({ primarySite, recoverySite }) => [primarySite, recoverySite]);
  const hasBoth = (name: string): boolean => {
    const letters = sites.filter((site) => site.name === name).map((site) => site.letter);
    return letters.includes('A') && letters.includes('B');
  };
  return groups.map((group) => {
    const { primarySite, recoverySite } = group;
    if (!hasBoth(primarySite.name) && !hasBoth(recoverySite.name)) return group;
    const first = primarySite.name < recoverySite.name ? primarySite : recoverySite;
    return first.letter === 'A' ? group : withSwappedLetters(group);
  });
}
