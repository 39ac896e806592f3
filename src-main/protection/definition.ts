/** What a group's changed definition means for a side. */
import type { SiteLetter } from '../contract/phases.ts';
import { numbersTakenOut } from '../store/pairs.ts';
import type { GroupDefinition, SiteRecord, StoredPoint, WriteMarks } from '../store/record.ts';

/** The points without what they say of pairs that were taken out: they hold all that is asked of them. */
function pointsWithout(points: readonly StoredPoint[], gone: readonly number[]): StoredPoint[] {
  return points.map((point) => ({
    ...point,
    lacks: point.lacks.filter((number) => !gone.includes(number)),
    ...(point.shorter && { shorter: point.shorter.filter(({ number }) => !gone.includes(number)) }),
  }));
}

/** The write marks of the pairs that the group has. */
function marksWithin(marks: WriteMarks | null, { pairs }: GroupDefinition): WriteMarks | null {
  if (marks === null) return null;
  const stays = Object.entries(marks.pairs).filter(([id]) => pairs.some((pair) => pair.id === id));
  return { ...marks, pairs: Object.fromEntries(stays) };
}

/**
 * The fields of a side's record with a newer definition. Digest maps speak of the volume that lay at the old path:
 * until it is verified that the one at the new path is the same, the replica is in doubt. What production left at a
 * side is at the path that it had then: the record says where that was. Of the side that has production, `activeSite`,
 * nothing is said: it writes to whatever lies there. A device that is known to have got another name only (see
 * identities.ts) is no other volume. Of pairs that were taken out nothing is kept.
 */
export function withDefinition(
  record: SiteRecord,
  definition: GroupDefinition,
  activeSite: SiteLetter | null,
): Pick<SiteRecord, 'definition' | 'movedPairs' | 'doubtful' | 'marks' | 'points'> {
  const { site, position, movedPairs, doubtful, marks, points, identities } = record;
  const gone = numbersTakenOut(definition);
  const pathOf = (number: number): string | undefined =>
    definition.pairs.find((pair) => pair.number === number)?.paths[site];
  // A device that only got another name is the volume that it was.
  const isSame = (number: number): boolean =>
    identities.some((one) => one.number === number && one.path === pathOf(number));
  const moved = record.definition.pairs.filter(
    ({ number, paths }) => !gone.includes(number) && pathOf(number) !== paths[site] && !isSame(number),
  );
  const away = [
    ...movedPairs,
    ...moved
      .filter((pair) => !movedPairs.some((one) => one.number === pair.number))
      .map((pair) => ({ number: pair.number, from: pair.paths[site] })),
  ].filter(({ number, from }) => !gone.includes(number) && pathOf(number) !== from);
  const doubt = moved.length > 0 && position !== null;
  return {
    definition,
    movedPairs: site === activeSite ? movedPairs.filter(({ number }) => !gone.includes(number)) : away,
    doubtful: doubtful || doubt,
    marks: doubt ? null : marksWithin(marks, definition),
    points: pointsWithout(points, gone),
  };
}
