/** The Linux adapter: proved on files, sparse files and block devices by test/volumes. */
import type { VolumePlatform } from '../volume.ts';
import { createVolumeFile, extendVolumeFile, reflinkFile } from './create.ts';
import { describeVolume } from './describe.ts';
import { disksOf } from './disks.ts';
import { devicesWith } from './identity.ts';
import { openVolume } from './open.ts';
import { unseenProcesses } from './processes.ts';
import { openFault } from './system-error.ts';
import { usesOf } from './uses.ts';

/** What vanishes while it is looked at gives the system's error: it becomes one that says what to do. */
function worded<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw openFault(cause, path, false);
  }
}

export const linuxVolumes: VolumePlatform = {
  describe: (path) => worded(path, () => describeVolume(path)),
  open: (path, mode) => worded(path, () => openVolume(path, mode)),
  uses: (path) => worded(path, () => usesOf(path)),
  disks: (path) => worded(path, () => disksOf(describeVolume(path))),
  devicesWith,
  unseenProcesses,
  createFile: (path, sizeBytes) => worded(path, () => createVolumeFile(path, sizeBytes)),
  extendFile: (path, sizeBytes) => worded(path, () => extendVolumeFile(path, sizeBytes)),
  reflink: (from, to) => worded(from, () => reflinkFile(from, to)),
};
