/** That no two volumes share bytes, before a group is made or given other volumes. */
import { SitepairError } from '../../contract/errors.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition, PairDefinition } from '../../store/record.ts';
import { plannedVolume } from '../../volumes/linux/missing-files.ts';
import { overlap, type VolumeDescription, type VolumePlatform } from '../../volumes/volume.ts';
import { describeIfThere } from '../operations/targets.ts';

/**
 * Throws `volume-overlap` where two volumes of the pairs, or one of them and one of another group, share bytes. Volumes
 * that are out of reach are told apart by their paths only, those not made yet by their folders and names. `remedy` is
 * for others that need one of their own.
 */
export function assertApart(
  pairs: readonly PairDefinition[],
  others: readonly GroupDefinition[],
  platform: VolumePlatform,
  remedy = 'Give each pair two volumes of its own; a volume belongs to one group only.',
): void {
  const paths = pairs.flatMap((pair) => [pair.paths.A, pair.paths.B]);
  const twice = paths.find((path, n) => paths.indexOf(path) !== n);
  if (twice !== undefined) throw shared(twice, twice, 'this group', remedy);
  const own = paths.flatMap((path) => tryDescribe(platform, path) ?? []);
  own.forEach((one, n) => {
    const same = own.slice(n + 1).find((other) => overlap(one, other));
    if (same !== undefined) throw shared(one.path, same.path, 'this group', remedy);
  });
  for (const group of others) {
    for (const theirPath of allPairs(group).flatMap((pair) => [pair.paths.A, pair.paths.B])) {
      if (paths.includes(theirPath)) throw shared(theirPath, theirPath, `the group ${group.name}`, remedy);
      const theirs = tryDescribe(platform, theirPath);
      const same = theirs === null ? undefined : own.find((one) => overlap(one, theirs));
      if (same !== undefined) throw shared(same.path, theirPath, `the group ${group.name}`, remedy);
    }
  }
}

function tryDescribe(
  platform: VolumePlatform,
  volumePath: string,
): Pick<VolumeDescription, 'path' | 'footprints'> | null {
  try {
    return describeIfThere(platform, volumePath) ?? plannedVolume(volumePath);
  } catch {
    return null;
  }
}

function shared(one: string, other: string, where: string, remedy: string): SitepairError {
  return new SitepairError({
    code: 'volume-overlap',
    message:
      one === other
        ? `${one} is used twice (${where}).`
        : `${one} and ${other} (${where}) are the same volume or share bytes.`,
    where: one,
    remedy,
  });
}
