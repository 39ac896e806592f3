/**
 * What every volume must hold, told from what was done, independently of the program's own words: a site's last whole
 * content, and that of each recovery point.
 */
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { SiteLetter, SiteRole } from '../../src-main/contract/phases.ts';
import { letters, sameContents, type Contents } from './sites.ts';

/** Both sites' contents. */
export type Both = Record<SiteLetter, Contents>;

/** Phases in which something is under way, so that the side it writes may hold a mix. */
const passing = ['seeding', 'syncing', 'interrupted', 'failing-over', 'undoing', 'reprotecting', 'unknown'];

export function letterOf(role: SiteRole): SiteLetter {
  return role === 'primary' ? 'A' : 'B';
}

export function otherLetter(site: SiteLetter): SiteLetter {
  return site === 'A' ? 'B' : 'A';
}

export class Model {
  /** What a site last held as a whole. */
  readonly whole: Both;
  /** By id; null where it is not known what a point holds. */
  readonly points = new Map<string, Contents | null>();
  readonly #mixed = new Set<SiteLetter>();

  constructor(now: Both) {
    this.whole = { ...now };
  }

  /** Production wrote to a site. */
  written(site: SiteLetter, contents: Contents): void {
    this.whole[site] = contents;
  }

  isMixed(site: SiteLetter): boolean {
    return this.#mixed.has(site);
  }

  /** Takes in points that are new, from what was there before and after they were made. */
  learn(group: GroupView, before: Both, after: Both): void {
    for (const point of group.points) {
      if (!this.points.has(point.id)) this.points.set(point.id, this.#contentOf(point, before, after));
    }
  }

  /** Takes in what a command did, and gives what is wrong with it, sentence by sentence. */
  after(succeeded: boolean, { before, after }: { before: Both; after: Both }, group: GroupView): string[] {
    const wrong: string[] = [];
    this.learn(group, before, after);
    const underWay = passing.includes(group.phase);
    for (const site of letters) {
      const changed = !sameContents(before[site], after[site]);
      if (changed && underWay && !succeeded) this.#mixed.add(site);
      else if (changed && succeeded) {
        this.#mixed.delete(site);
        this.whole[site] = after[site];
      }
      const current = group.points.find((point) => point.current && point.site === site && point.state === 'usable');
      const held = current === undefined ? null : (this.points.get(current.id) ?? null);
      if (current === undefined || held === null || underWay || current.lacks.length > 0) continue;
      if (!sameContents(held, after[site])) {
        wrong.push(`${site} does not hold point ${current.id} (${current.kind}), at which it is said to be`);
      }
      this.#mixed.delete(site);
      this.whole[site] = after[site];
    }
    return wrong;
  }

  /** What a point that is new must hold, from what was there before the command that made it. */
  #contentOf({ kind, site, state }: Point, before: Both, after: Both): Contents | null {
    if (kind === 'cycle') return before[otherLetter(site)];
    if (state !== 'usable') return null;
    if (kind === 'as-left') return after[site];
    return this.whole[site];
  }
}
