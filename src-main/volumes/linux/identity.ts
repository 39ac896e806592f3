/**
 * What a block device is, whatever name it has today: the kernel names devices in the order in which it meets them.
 * Where nothing tells, nothing is guessed.
 */
import { readFileSync } from 'node:fs';
import { allDevices, deviceNode, diskOf, hardwareIdentity } from './block-devices.ts';
import { attachedLoops, type Loop } from './loops.ts';

function attribute(device: string, name: string): string | null {
  try {
    const text = readFileSync(`/sys/dev/block/${device}/${name}`, 'utf8').trim();
    return text === '' ? null : text;
  } catch {
    return null;
  }
}

/**
 * The identity of a device, "MAJOR:MINOR"; null where it has none. A partition is known by its disk and its start, a
 * logical volume or an array by the UUID that its layer keeps, a loop device by its image's path and offset, and any
 * other by its maker's world-wide name or serial.
 */
export function identityOf(device: string, loops: readonly Loop[]): string | null {
  const partition = diskOf(device);
  if (partition !== null) {
    const disk = identityOf(partition.disk, loops);
    return disk === null ? null : `${disk} from ${partition.start}`;
  }
  const loop = loops.find((one) => one.device === device);
  if (loop !== undefined) return `loop ${loop.backingPath} from ${loop.offset}`;
  for (const name of ['dm/uuid', 'md/uuid']) {
    const uuid = attribute(device, name);
    if (uuid !== null) return `${name} ${uuid}`;
  }
  const hardware = hardwareIdentity(device);
  return hardware === null ? null : `disk ${hardware.key}`;
}

/** The nodes of all devices that have this identity now: several where a disk is reached over several ways. */
export function devicesWith(identity: string): string[] {
  const loops = attachedLoops();
  return allDevices()
    .filter((device) => identityOf(device, loops) === identity)
    .map(deviceNode)
    .sort();
}
