/**
 * The disks that a volume's bytes lie on in the end, or the server that keeps them: two copies onto one at once only
 * slow each other down.
 */
import { statSync } from 'node:fs';
import type { VolumeDescription } from '../volume.ts';
import { backingFileOf, deviceExists, deviceName, deviceOf, diskOf, slavesOf } from './block-devices.ts';

/** Names, sorted: "sda", "server filer1", or what the file system calls its source where nothing else is known. */
export function disksOf(volume: VolumeDescription): string[] {
  const { mount, footprints, network } = volume;
  if (network !== null) return [`server ${mount.device.split(':')[0] ?? mount.device}`];
  const disks = footprints.flatMap(({ space }) => {
    const [kind = '', number = '', minor = ''] = space.split(':');
    if (kind === 'device') return wholeDisks(`${number}:${minor}`);
    return kind === 'inode' ? wholeDisks(deviceOf(BigInt(number))) : [];
  });
  // File systems with device numbers of their own, as btrfs: the device that is mounted.
  const found = disks.length > 0 || !mount.device.startsWith('/dev/') ? disks : carrierOf(mount.device);
  return [...new Set(found.length > 0 ? found : [`${mount.type} ${mount.device}`])].sort();
}

/** The disks of a device, by its node, or under a file. Empty where it is not there, or nothing is known of it. */
function carrierOf(path: string): string[] {
  try {
    const stat = statSync(path);
    return wholeDisks(deviceOf(stat.isBlockDevice() ? stat.rdev : stat.dev));
  } catch {
    return [];
  }
}

/** Down through partitions, device-mapper and RAID. Empty where the kernel knows no such device. */
function wholeDisks(device: string): string[] {
  if (!deviceExists(device)) return [];
  const partition = diskOf(device);
  if (partition !== null) return wholeDisks(partition.disk);
  const backing = backingFileOf(device);
  if (backing !== null) return carrierOf(backing);
  const slaves = slavesOf(device);
  return slaves.length > 0 ? slaves.flatMap(wholeDisks) : [deviceName(device)];
}
