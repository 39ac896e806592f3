/** What /sys tells about block devices (Documentation/ABI/stable/sysfs-block). Devices are named by "MAJOR:MINOR". */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The kernel counts all sizes and positions in sectors of 512 bytes, whatever the device's own are. */
const sectorBytes = 512;

/** A partition, or what else lies on a range of a disk. */
export interface Partition {
  device: string;
  /** Offset on the disk, bytes. */
  start: number;
  sizeBytes: number;
}

/** "MAJOR:MINOR" of a device number as stat(2) gives it (encoding of glibc's makedev). */
export function deviceOf(rdev: number | bigint): string {
  const number = BigInt(rdev);
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & ~0xfffn);
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

function sysPath(device: string): string {
  return `/sys/dev/block/${device}`;
}

/** The text of an attribute, or null where it is not there. */
function attribute(...path: string[]): string | null {
  try {
    return readFileSync(join(...path), 'utf8').trim();
  } catch {
    return null;
  }
}

function list(...path: string[]): string[] {
  try {
    return readdirSync(join(...path));
  } catch {
    return [];
  }
}

function sectors(...path: string[]): number {
  return Number(attribute(...path) ?? 0) * sectorBytes;
}

/** Whether the kernel has such a device now. */
export function deviceExists(device: string): boolean {
  return existsSync(sysPath(device));
}

/** The kernel's name, "sda1". */
export function deviceName(device: string): string {
  return basename(realpathSync(sysPath(device)));
}

/** Its usual node, "/dev/sda1". The kernel writes "!" for "/" in names. */
export function deviceNode(device: string): string {
  return `/dev/${deviceName(device).replaceAll('!', '/')}`;
}

/** Bytes; 0 without a medium. */
export function deviceBytes(device: string): number {
  return sectors(sysPath(device), 'size');
}

export function isReadOnlyDevice(device: string): boolean {
  return attribute(sysPath(device), 'ro') === '1';
}

/** All block devices, partitions included. */
export function allDevices(): string[] {
  return list('/sys/dev/block');
}

/** Its partitions. */
export function partitionsOf(device: string): Partition[] {
  return list(sysPath(device)).flatMap((name) => {
    if (attribute(sysPath(device), name, 'partition') === null) return [];
    const number = attribute(sysPath(device), name, 'dev');
    if (number === null) return [];
    const start = sectors(sysPath(device), name, 'start');
    return [{ device: number, start, sizeBytes: sectors(sysPath(device), name, 'size') }];
  });
}

/** The disk that a partition lies on, and where; null for a whole disk. */
export function diskOf(device: string): { disk: string; start: number } | null {
  if (attribute(sysPath(device), 'partition') === null) return null;
  const disk = attribute(dirname(realpathSync(sysPath(device))), 'dev');
  return disk === null ? null : { disk, start: sectors(sysPath(device), 'start') };
}

/** The file or device behind a loop device; null for other devices. */
export function backingFileOf(device: string): string | null {
  return attribute(sysPath(device), 'loop', 'backing_file');
}

/** What the kernel built it on: the devices of a device-mapper or RAID device. */
export function slavesOf(device: string): string[] {
  return list(sysPath(device), 'slaves').flatMap((name) => attribute(sysPath(device), 'slaves', name, 'dev') ?? []);
}

/** What the kernel built on it: device-mapper, RAID, bcache. */
export function holdersOf(device: string): { device: string; name: string }[] {
  return list(sysPath(device), 'holders').flatMap((holder) => {
    const number = attribute(sysPath(device), 'holders', holder, 'dev');
    if (number === null) return [];
    const label = attribute(sysPath(number), 'dm', 'name');
    return [{ device: number, name: label === null ? holder : `${holder} (${label})` }];
  });
}

/** The other devices of a mounted btrfs file system that this device is a part of, itself left out. */
export function btrfsCompanions(device: string): string[] {
  const name = deviceName(device);
  return list('/sys/fs/btrfs').flatMap((id) => {
    const members = list('/sys/fs/btrfs', id, 'devices');
    if (!members.includes(name)) return [];
    return members.flatMap((member) => (member === name ? [] : (attribute('/sys/class/block', member, 'dev') ?? [])));
  });
}

/** A counter of each kind of write that the kernel has passed on to the device: it grows when somebody wrote. */
export function writeCounters(device: string): string {
  // Documentation/block/stat.rst, counted from 0: 6 sectors written, 13 sectors discarded. The numbers of requests are
  // of no use: a mere flush counts as a write request.
  const fields = attribute(sysPath(device), 'stat')?.split(/\s+/) ?? [];
  return [6, 13].map((index) => fields[index] ?? '0').join('.');
}

/**
 * Names the time from a device's being attached to its going away, unlike any other; null for kernels before 5.15, that
 * do not tell. Its number is counted from each boot on.
 */
export function attachmentOf(device: string): string | null {
  const boot = attribute('/proc/sys/kernel/random/boot_id');
  const number = attribute(sysPath(diskOf(device)?.disk ?? device), 'diskseq');
  return boot === null || number === null ? null : `${boot} ${number}`;
}

/** What identifies a whole disk wherever it is plugged in. */
export interface HardwareIdentity {
  /** For people: the serial, else the world-wide name. */
  serial: string;
  /** Unique for each disk, as far as its maker kept to the rules. */
  key: string;
}

/** The identity of a whole disk, or null: virtual devices, partitions and makers of cheap adapters have none. */
export function hardwareIdentity(device: string): HardwareIdentity | null {
  // Boot and RPMB areas of an eMMC carry their card's serial.
  if (diskOf(device) !== null || /^mmcblk\d+(boot|rpmb)/.test(deviceName(device))) return null;
  const read = (name: string): string | null =>
    attribute(sysPath(device), name) ?? attribute(sysPath(device), 'device', name);
  const wwid = read('wwid');
  const serial = read('serial') ?? wwid;
  if (serial === null || /^[0\s]*$/.test(serial)) return null;
  // A serial alone may be shared by the units of one array, or be a maker's dummy.
  const key = wwid ?? [read('model'), serial, deviceBytes(device)].filter((part) => part !== null).join(' ');
  return { serial, key };
}
