/** Volumes that a store lies on: those that carry its file system, and would be written under it. */
import { mountHolding, readMounts } from '../volumes/linux/mounts.ts';
import { overlap, type VolumeDescription, type VolumePlatform } from '../volumes/volume.ts';
import type { PairDefinition } from '../store/record.ts';
import { describeIfItAnswers } from './operations/targets.ts';
import { realStorePath } from './store-place.ts';

/** The device that carries a folder's file system; null where no single device does (network, memory). */
function carrierOf(platform: VolumePlatform, folder: string): VolumeDescription | null {
  const source = mountHolding(readMounts(), realStorePath(folder))?.source ?? '';
  return source.startsWith('/dev/') ? describeIfItAnswers(platform, source) : null;
}

/** The paths of those volumes of the pairs that a folder, which need not be there yet, lies on. */
export function volumesUnder(platform: VolumePlatform, folder: string, pairs: readonly PairDefinition[]): string[] {
  const carrier = carrierOf(platform, folder);
  if (carrier === null) return [];
  return pairs
    .flatMap((pair) => [pair.paths.A, pair.paths.B])
    .filter((path) => {
      const volume = describeIfItAnswers(platform, path);
      return volume !== null && overlap(volume, carrier);
    });
}
