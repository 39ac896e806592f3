/** A group's volumes while some of them do not answer: whoever asks for such a one is told, instead of waiting. */
import { allPairs } from '../store/pairs.ts';
import { silentOf, stalledError } from '../volumes/linux/silence.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';
import { sites } from './registration.ts';

/** The platform, where volumes of the group that do not answer now throw `volume-stalled` at once. */
export function answeringPlatform(group: OpenGroup, platform: VolumePlatform): VolumePlatform {
  const stalled = new Set(
    silentOf(
      allPairs(group.definition).flatMap((pair) => sites.map((site) => pair.paths[site])),
      'volume',
    ),
  );
  if (stalled.size === 0) return platform;
  const answering = <T>(path: string, call: () => T): T => {
    if (stalled.has(path)) throw stalledError(path);
    return call();
  };
  return {
    describe: (path) => answering(path, () => platform.describe(path)),
    open: (path, mode) => answering(path, () => platform.open(path, mode)),
    uses: (path) => answering(path, () => platform.uses(path)),
    disks: (path) => answering(path, () => platform.disks(path)),
    devicesWith: (identity) => platform.devicesWith(identity),
    unseenProcesses: () => platform.unseenProcesses(),
    createFile: (path, sizeBytes) => answering(path, () => platform.createFile(path, sizeBytes)),
    extendFile: (path, sizeBytes) => answering(path, () => platform.extendFile(path, sizeBytes)),
    reflink: (from, to) => answering(from, () => platform.reflink(from, to)),
  };
}
