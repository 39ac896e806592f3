/** Where a volume's bytes really lie, followed down through partitions and loop devices. */
import type { ByteRange, Footprint } from '../volume.ts';
import { deviceBytes, diskOf, hardwareIdentity } from './block-devices.ts';
import { isNetworkType } from './file-system-types.ts';
import { deviceSpace, inodeSpace, type Loop } from './loops.ts';
import type { Sight } from './look.ts';
import { remotePath } from './mounts.ts';

const devicePrefix = 'device:';

/** The footprints of a volume. Ranges in bytes. */
export function footprintsOf(sight: Sight, loops: Loop[]): Footprint[] {
  if (sight.device !== null) return deviceFootprints(sight.device, { start: 0, end: deviceBytes(sight.device) }, loops);
  const range = { start: 0, end: Number(sight.stat.size) };
  const footprints = [{ space: inodeSpace(sight.stat.dev, sight.stat.ino), range }];
  if (sight.mount !== null && isNetworkType(sight.mount.type)) {
    footprints.push({ space: `network:${remotePath(sight.mount, sight.realPath)}`, range });
  }
  return footprints;
}

function deviceFootprints(device: string, range: ByteRange, loops: Loop[]): Footprint[] {
  const footprints = [{ space: deviceSpace(device), range }];
  const partition = diskOf(device);
  if (partition !== null) footprints.push(...deviceFootprints(partition.disk, shifted(range, partition.start), loops));
  const loop = loops.find((attached) => attached.device === device);
  if (loop !== undefined && loop.backing !== null) {
    footprints.push(...backingFootprints(loop.backing, shifted(range, loop.offset), loops));
  }
  const hardware = hardwareIdentity(device);
  if (hardware !== null) footprints.push({ space: `serial:${hardware.key}`, range });
  return footprints;
}

function backingFootprints(space: string, range: ByteRange, loops: Loop[]): Footprint[] {
  if (!space.startsWith(devicePrefix)) return [{ space, range }];
  return deviceFootprints(space.slice(devicePrefix.length), range, loops);
}

/** A range of what lies at `start` of something larger, as a range of that. */
export function shifted(range: ByteRange, start: number): ByteRange {
  return { start: range.start + start, end: range.end + start };
}
