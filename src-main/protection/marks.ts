/**
 * Write marks: what the system tells cheaply about writes to a site's volumes (size and times of files, write counters
 * of devices). They are taken when volumes are left in a known state, with the point that they are at then, and tell
 * later that somebody has written since. A hint, never a proof that nobody has.
 */
import type { SiteLetter } from '../contract/phases.ts';
import { samePoint, type WriteMarks } from '../store/record.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';

/** The write marks of a site's volumes, by pair id. Throws what describing a volume throws. */
export function marksOf(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): WriteMarks['pairs'] {
  return Object.fromEntries(
    group.definition.pairs.map((pair) => [pair.id, platform.describe(pair.paths[site]).writeMark]),
  );
}

export function sameMarks(one: WriteMarks['pairs'], other: WriteMarks['pairs']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The side whose volumes were just written: the replica, one just promoted, or one whose reprotect was undone. */
function sideWritten({ state, replicaSite }: OpenGroup): SiteLetter | null {
  if (state.phase === 'failed-over') return state.activeSite;
  return state.phase === 'protected' || state.phase === 'committed' ? replicaSite : null;
}

/**
 * Keeps the marks of the volumes that were just written. They are at the record's position then, or, where `atPoint` is
 * false, they hold what production left.
 */
export function rememberMarks(group: OpenGroup, platform: VolumePlatform, atPoint: boolean): void {
  const site = sideWritten(group);
  if (site === null) return;
  const store = group.storeOf(site);
  const { position, marks: before } = store.record;
  const point = atPoint ? position : null;
  const pairs = marksOf(group, platform, site);
  if (before !== null && samePoint(before.point, point) && sameMarks(before.pairs, pairs)) return;
  store.update({ marks: { point, pairs } }, group.now());
}

/**
 * Paths of a site's volumes that were written since their marks were taken; device counters start anew with each
 * attach.
 */
export function writtenSinceMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): string[] {
  const marks = group.sides[site].store?.record.marks?.pairs ?? {};
  return group.definition.pairs.flatMap((pair) => {
    const before = marks[pair.id];
    if (before === undefined) return [];
    try {
      return platform.describe(pair.paths[site]).writeMark === before ? [] : [pair.paths[site]];
    } catch {
      return [];
    }
  });
}

/** What marks say of writes; unknown where none were kept, or where a volume cannot say. */
export type SaidByMarks = 'written' | 'unwritten' | 'unknown';

/** Whether a site's volumes were written since their marks were taken. */
export function saidByMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SaidByMarks {
  if (writtenSinceMarks(group, platform, site).length > 0) return 'written';
  const before = group.sides[site].store?.record.marks?.pairs ?? {};
  try {
    const present = Object.entries(marksOf(group, platform, site));
    return present.every(([pairId, mark]) => before[pairId] === mark) ? 'unwritten' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/**
 * Whether a site's volumes were written since they were at the point that its record calls their position. Marks that
 * were taken of other content say that they were.
 */
export function writtenSincePosition(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SaidByMarks {
  const record = group.sides[site].store?.record;
  if (!record?.marks) return 'unknown';
  return samePoint(record.marks.point, record.position) ? saidByMarks(group, platform, site) : 'written';
}
