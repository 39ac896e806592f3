/**
 * When both sides of a group may have been written apart from each other: whether they can be compared, and which point
 * they both come from.
 */
import type { SiteLetter } from '../contract/phases.ts';
import { mayHoldMix } from '../store/content.ts';
import type { GroupStore } from '../store/group-store.ts';
import { comparePoints, samePoint, type PointKey, type Promotion } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { sites } from './registration.ts';

/** Why both sides cannot be compared now, as half a sentence without a full stop; null where they can. */
export function reasonAgainstComparing(group: OpenGroup): string | null {
  const { ownership, state, definition } = group;
  if (ownership.governing === null) return 'neither store can be used, so nothing is known of the group';
  const { phase } = state;
  if (ownership.relation !== 'split' && phase !== 'failed-over' && phase !== 'committed') {
    return phase === 'protected'
      ? 'one side is the replica of the other; whether it is what its point says is told by verify'
      : 'both sides can be compared after a failover only, while neither is being written by Sitepair';
  }
  for (const site of sites) {
    const record = group.recordOf(site);
    if (record !== null && mayHoldMix(record)) {
      return `${definition.siteNames[site]} is half-way between two states, so that what it holds is a mix`;
    }
  }
  return null;
}

/**
 * The command that tells what each side wrote of its own, as a sentence after another one, while there is a side to be
 * chosen and both answer; empty elsewhere. After a planned change of sides there is nothing of the old side's to lose.
 */
export function comparedFirst(group: OpenGroup): string {
  const { governing, relation } = group.ownership;
  const planned = governing?.lineage.at(-1)?.why === 'planned-failover';
  if (planned || relation === 'split' || sites.some((site) => group.recordOf(site) === null)) return '';
  if (reasonAgainstComparing(group) !== null) return '';
  return ` What each side wrote since, and what either way would lose, is told by: sitepair compare ${group.name}`;
}

/** The last point that both sides come from, with the site whose store has its digest maps. */
export interface CommonPoint {
  site: SiteLetter;
  store: GroupStore;
  point: PointKey;
  /** When it was made; null where the record does not say that any more. */
  at: string | null;
}

/** Promotions that either record knows; in a split each has some that the other has not. */
function promotionsOf(group: OpenGroup): Promotion[] {
  return sites.flatMap((site) => group.recordOf(site)?.lineage ?? []);
}

/** The common point that a site's record tells of: the one that its volumes were at, where a cycle had made it. */
function candidateAt(group: OpenGroup, site: SiteLetter): CommonPoint | null {
  const record = group.recordOf(site);
  const { store } = group.sides[site];
  if (record === null || store === null || record.position === null || mayHoldMix(record)) return null;
  const { position: point } = record;
  const known = record.points.find((one) => samePoint(one, point));
  const kind = known?.kind ?? promotionsOf(group).find((one) => one.site === site && samePoint(one.point, point))?.kind;
  // What a side held before it was overwritten is a point of that side alone: the other one never had it.
  return kind === 'cycle' ? { site, store, point, at: known?.at ?? null } : null;
}

/**
 * The last common point: one that a cycle made, so that the one side held it when it was read, and the other since;
 * both have only gone on from there. After a failover to an older point it is that one, as what came after it is not in
 * the promoted side any more. Null where no record tells of one.
 */
export function commonPoint(group: OpenGroup): CommonPoint | null {
  const found = sites.flatMap((site) => candidateAt(group, site) ?? []);
  return found.sort((a, b) => comparePoints(b.point, a.point))[0] ?? null;
}
