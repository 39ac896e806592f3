/**
 * Write marks: what the system tells cheaply about writes to a site's volumes (size and times of files, write counters
 * of devices). They are taken when volumes are left at a point, and tell later that somebody has written since. A hint,
 * never a proof that nobody has.
 */
import type { SiteLetter } from '../contract/phases.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';

/** The write marks of a site's volumes, by pair id. Throws what describing a volume throws. */
export function marksOf(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): Record<string, string> {
  return Object.fromEntries(
    group.definition.pairs.map((pair) => [pair.id, platform.describe(pair.paths[site]).writeMark]),
  );
}

/** Keeps the marks of the volumes that were just left at a point: the replica's, or those of a side just promoted. */
export function rememberMarks(group: OpenGroup, platform: VolumePlatform, justPromoted: boolean): void {
  const { phase, activeSite } = group.state;
  const site = phase === 'protected' ? group.replicaSite : phase === 'failed-over' && justPromoted ? activeSite : null;
  if (site === null) return;
  const store = group.storeOf(site);
  const marks = marksOf(group, platform, site);
  if (JSON.stringify(marks) !== JSON.stringify(store.record.marks)) store.update({ marks }, group.now());
}

/** Whether the marks of all volumes of a site were kept, and say that nobody has written there since. */
export function unwrittenSinceMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): boolean {
  const marks = group.recordOf(site)?.marks ?? {};
  const kept = group.definition.pairs.every((pair) => marks[pair.id] !== undefined);
  return kept && writtenSinceMarks(group, platform, site).length === 0;
}

/**
 * Paths of a site's volumes that were written since their marks were taken; device counters start anew with each
 * attach.
 */
export function writtenSinceMarks(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): string[] {
  const marks = group.sides[site].store?.record.marks ?? {};
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

/** Whether a site's volumes were written since their marks were taken; unknown where one of them cannot say. */
export function saidByMarks(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
): 'written' | 'unwritten' | 'unknown' {
  if (writtenSinceMarks(group, platform, site).length > 0) return 'written';
  const before = group.sides[site].store?.record.marks ?? {};
  try {
    const present = Object.entries(marksOf(group, platform, site));
    return present.every(([pairId, mark]) => before[pairId] === mark) ? 'unwritten' : 'unknown';
  } catch {
    return 'unknown';
  }
}
