/** What a machine has, as `volumes` lists it. */
import type { VolumeListing } from '../contract/machine.ts';
import { type DiskInfoSource, nodeDiskInfo } from './disk-info.ts';
import { listLinuxVolumes } from './linux/list.ts';
import { volumePlatform } from './platform.ts';

/**
 * Lists the block devices and mounted file systems of this machine, within a bounded time and off the calling thread
 * where the system might stall. Throws `volume-unsuitable` on systems that no adapter is proved on.
 */
export async function listVolumes(disks: DiskInfoSource = nodeDiskInfo()): Promise<VolumeListing[]> {
  volumePlatform();
  return listLinuxVolumes(disks);
}
