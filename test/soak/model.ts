/**
 * What every volume must hold, told from what was done, independently of the program's own words: a site's last whole
 * content, and that of each recovery point.
 */
import type { GroupView, Point } from '../../src-main/contract/groups.ts';
import type { SiteLetter, SiteRole } from '../../src-main/contract/phases.ts';
import { membersIn, volumeOf } from './members.ts';
import { holds, letters, sameContents, type Contents } from './sites.ts';

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
  /** The side into which somebody wrote behind the program's back, until it holds its point again. */
  #foreign: SiteLetter | null = null;

  constructor(now: Both) {
    this.whole = { ...now };
  }

  /** Production wrote to a site. */
  written(site: SiteLetter, contents: Contents): void {
    this.whole[site] = contents;
  }

  /** A volume was made at a site. */
  made(site: SiteLetter, n: number, contents: Contents): void {
    const all = [...this.whole[site]];
    all[n] = contents[n] ?? null;
    this.whole[site] = all;
  }

  /** Somebody wrote to a replica; null: what it is to hold is known again. */
  writtenBehindTheBack(site: SiteLetter | null): void {
    this.#foreign = site;
  }

  /** Whether there is something to be mended. */
  isSpoiled(): boolean {
    return this.#foreign !== null;
  }

  /** Takes in points that are new, from what was there before and after they were made. */
  learn(group: GroupView, before: Both, after: Both): void {
    for (const point of group.points) {
      if (!this.points.has(point.id)) this.points.set(point.id, this.#contentOf(group, point, before, after));
    }
  }

  /** Takes in what a command did, and gives what is wrong with it, sentence by sentence. */
  after(succeeded: boolean, { before, after }: { before: Both; after: Both }, group: GroupView): string[] {
    const wrong: string[] = [];
    this.learn(group, before, after);
    const underWay = passing.includes(group.phase);
    for (const site of letters) {
      const changed = !sameContents(before[site], after[site]);
      if (succeeded && changed && site !== this.#foreign) this.whole[site] = after[site];
      const current = group.points.find((point) => point.current && point.site === site && point.state === 'usable');
      const held = current === undefined ? null : (this.points.get(current.id) ?? null);
      if (current === undefined || held === null || underWay) continue;
      const holdsIt = holds(after[site], held, membersIn(group, current));
      if (!holdsIt && site === this.#foreign) continue;
      if (!holdsIt) {
        wrong.push(`${site} does not hold point ${current.id} (${current.kind}), at which it is said to be`);
      }
      if (site === this.#foreign) this.#foreign = null;
      this.whole[site] = after[site];
    }
    return wrong;
  }

  /** What a point that is new must hold, from what was there before the command that made it. */
  #contentOf(group: GroupView, { kind, site, state }: Point, before: Both, after: Both): Contents | null {
    if (kind === 'cycle') return ofTheirSizes(group, before[otherLetter(site)]);
    if (state !== 'usable') return null;
    if (kind === 'as-left') return after[site];
    return ofTheirSizes(group, this.whole[site]);
  }
}

/** What a volume holds beyond its pair's size is neither replicated nor saved: nothing overwrites it. */
function ofTheirSizes({ pairs }: GroupView, contents: Contents): Contents {
  const size = new Map(pairs.map((pair) => [volumeOf(pair), pair.sizeBytes]));
  return contents.map((content, n) => content?.subarray(0, size.get(n)) ?? null);
}
