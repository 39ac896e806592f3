/**
 * Write marks: what the system tells cheaply about writes to a site's volumes (size and times of files, write counters
 * of devices). They are taken when volumes are left in a known state, with the point that they are at then, and tell
 * later that somebody has written since. A hint, never a proof that nobody has.
 */
import type { SiteLetter } from '../contract/phases.ts';
import { samePoint, type WriteMarks } from '../store/record.ts';
import type { VolumePlatform, WriteMark } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';

/** The write marks of a site's volumes, by pair id. Throws what describing a volume throws. */
export function marksOf(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): WriteMarks['pairs'] {
  return Object.fromEntries(
    group.definition.pairs.map((pair) => [pair.id, platform.describe(pair.paths[site]).writeMark]),
  );
}

/** What marks say of writes; unknown where none were kept, or where a volume cannot say. */
export type SaidByMarks = 'written' | 'unwritten' | 'unknown';

function saidOfPair(before: WriteMark | undefined, present: WriteMark): SaidByMarks {
  if (before === undefined || before.attachment === null || before.attachment !== present.attachment) return 'unknown';
  return before.writes === present.writes ? 'unwritten' : 'written';
}

/** What earlier and present marks of all volumes of a side say of writes between. */
export function saidOf(before: WriteMarks['pairs'], present: WriteMarks['pairs']): SaidByMarks {
  const said = Object.entries(present).map(([pairId, mark]) => saidOfPair(before[pairId], mark));
  if (said.includes('written')) return 'written';
  return said.includes('unknown') ? 'unknown' : 'unwritten';
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
  if (before !== null && samePoint(before.point, point) && saidOf(before.pairs, pairs) === 'unwritten') return;
  store.update({ marks: { point, pairs } }, group.now());
}

/** Paths of a site's volumes that were surely written since their marks were taken. */
export function writtenSinceMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): string[] {
  const marks = group.sides[site].store?.record.marks?.pairs ?? {};
  return group.definition.pairs.flatMap((pair) => {
    const before = marks[pair.id];
    if (before === undefined) return [];
    try {
      const said = saidOfPair(before, platform.describe(pair.paths[site]).writeMark);
      return said === 'written' ? [pair.paths[site]] : [];
    } catch {
      return [];
    }
  });
}

/** Whether a site's volumes were written since their marks were taken. */
export function saidByMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SaidByMarks {
  if (writtenSinceMarks(group, platform, site).length > 0) return 'written';
  const before = group.sides[site].store?.record.marks?.pairs ?? {};
  try {
    return saidOf(before, marksOf(group, platform, site));
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
