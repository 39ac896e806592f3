/** What a group's changed definition means for a side. */
import type { SiteLetter } from '../contract/phases.ts';
import type { GroupDefinition, SiteRecord } from '../store/record.ts';

/**
 * The fields of a side's record with a newer definition. Digest maps speak of the volume that lay at the old path:
 * until it is verified that the one at the new path is the same, the replica is in doubt. What production left at a
 * side is at the path that it had then: the record says where that was. Of the side that has production, `activeSite`,
 * nothing is said: it writes to whatever lies there.
 */
export function withDefinition(
  record: SiteRecord,
  definition: GroupDefinition,
  activeSite: SiteLetter | null,
): Pick<SiteRecord, 'definition' | 'movedPairs' | 'doubtful' | 'marks'> {
  const { site, position, movedPairs, doubtful, marks } = record;
  const pathOf = (number: number): string | undefined =>
    definition.pairs.find((pair) => pair.number === number)?.paths[site];
  const moved = record.definition.pairs.filter((pair) => pathOf(pair.number) !== pair.paths[site]);
  const away = [
    ...movedPairs,
    ...moved
      .filter((pair) => !movedPairs.some((one) => one.number === pair.number))
      .map((pair) => ({ number: pair.number, from: pair.paths[site] })),
  ].filter(({ number, from }) => pathOf(number) !== from);
  const doubt = moved.length > 0 && position !== null;
  return {
    definition,
    movedPairs: site === activeSite ? movedPairs : away,
    doubtful: doubtful || doubt,
    marks: doubt ? null : marks,
  };
}
