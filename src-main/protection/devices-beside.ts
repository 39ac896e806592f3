/**
 * Block devices that belong together with one: the other partitions of its disk, or the other logical volumes of its
 * LVM volume group, as /sys tells (Documentation/ABI/testing/sysfs-block-dm). Of a whole disk nothing tells which
 * others belong to it.
 */
import fs from 'node:fs';
import path from 'node:path';

/** LVM names its devices "LVM-", the group's id, the volume's id; what is hidden within a volume has a suffix. */
const logicalVolume = /^LVM-(?<group>\w{32})\w{32}$/;

/** Paths of the devices beside `device`, a path that is no link. `sys`: where the system shows its block devices. */
export function devicesBeside(device: string, sys = '/sys/class/block'): string[] {
  const name = path.basename(device);
  const group = volumeGroup(sys, name);
  if (group !== null) {
    return fs
      .readdirSync(sys)
      .filter((entry) => entry !== name && volumeGroup(sys, entry) === group)
      .map((entry) => `/dev/mapper/${attribute(sys, entry, 'dm/name') ?? ''}`);
  }
  if (!fs.existsSync(path.join(sys, name, 'partition'))) return [];
  const disk = path.dirname(fs.realpathSync(path.join(sys, name)));
  return fs
    .readdirSync(disk)
    .filter((entry) => entry !== name && fs.existsSync(path.join(disk, entry, 'partition')))
    .map((entry) => `/dev/${entry}`);
}

/** The id of the volume group that a device is a logical volume of, or null. */
function volumeGroup(sys: string, name: string): string | null {
  return logicalVolume.exec(attribute(sys, name, 'dm/uuid') ?? '')?.groups?.['group'] ?? null;
}

function attribute(sys: string, name: string, which: string): string | null {
  try {
    return fs.readFileSync(path.join(sys, name, which), 'utf8').trim();
  } catch {
    return null;
  }
}
