/** On which disks the volumes of groups lie; volumes that do not answer are left out, and hold up no others. */
import { silentOf } from '../volumes/linux/silence.ts';
import type { VolumePlatform } from '../volumes/volume.ts';

/** Asks all volumes at once, 8 s at most, and reads no content. */
export function disksByGroup(
  volumes: readonly { group: string; paths: readonly string[] }[],
  platform: VolumePlatform,
): Record<string, string[]> {
  const silent = new Set(
    silentOf(
      volumes.flatMap(({ paths }) => paths),
      'volume',
    ),
  );
  const disksOf = (path: string): string[] => {
    try {
      return silent.has(path) ? [] : platform.disks(path);
    } catch {
      // A volume that is not there shares no disk; that it is not there is the checks' business.
      return [];
    }
  };
  return Object.fromEntries(volumes.map(({ group, paths }) => [group, [...new Set(paths.flatMap(disksOf))]]));
}
