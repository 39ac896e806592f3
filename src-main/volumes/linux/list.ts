/**
 * What this Linux machine has: its block devices and its mounted file systems. node-disk-info says how full file
 * systems are; what there is, and where it is mounted, is for lsblk and the mount table to say.
 */
import { statfs } from 'node:fs/promises';
import type { VolumeListing } from '../../contract/machine.ts';
import type { DiskInfo, DiskInfoSource } from '../disk-info.ts';
import { backingFileOf } from './block-devices.ts';
import { type KernelUses, kernelUses } from './device-uses.ts';
import { isNetworkType, isPseudoType } from './file-system-types.ts';
import { type BlockDevice, blockDevices } from './lsblk.ts';
import { type Mount, networkLabel, readMounts } from './mounts.ts';
import { mountedDevice } from './use-places.ts';

/** A file system with all places where it is mounted; the first is the one to call it by. */
interface FileSystem {
  device: string;
  mount: Mount;
  mountPoints: string[];
  sizeBytes: number;
  usedBytes: number | null;
}

/** Lists block devices, then file systems, each by path. */
export async function listLinuxVolumes(disks: DiskInfoSource): Promise<VolumeListing[]> {
  const [rows, devices, uses] = await Promise.all([disks.read(), blockDevices(), kernelUses()]);
  const fileSystems = await mountedFileSystems(readMounts(), rows);
  const byPath = (a: VolumeListing, b: VolumeListing): number => (a.path < b.path ? -1 : 1);
  return [
    ...devices.map((device) => listDevice(device, fileSystems, uses)).sort(byPath),
    ...fileSystems.map((fileSystem) => listFileSystem(fileSystem, uses)).sort(byPath),
  ];
}

function usePhrases(uses: KernelUses | null, find: (known: KernelUses) => string[] | undefined): string[] {
  return uses === null ? ['not known: the system did not answer in time'] : (find(uses) ?? []);
}

function listDevice(block: BlockDevice, fileSystems: FileSystem[], uses: KernelUses | null): VolumeListing {
  const mounted = fileSystems.find((fileSystem) => fileSystem.device === block.device);
  return {
    path: block.path,
    kind: 'block-device',
    sizeBytes: block.sizeBytes,
    usedBytes: block.usedBytes ?? mounted?.usedBytes ?? null,
    fileSystem: block.fileSystem ?? mounted?.mount.type ?? null,
    mountPoints: mounted?.mountPoints ?? [],
    inUseBy: usePhrases(uses, (known) => known.byDevice[block.device]),
    readOnly: block.readOnly,
    network: null,
    serial: block.serial,
    model: block.model ?? imageOf(block.device),
    label: block.label,
  };
}

/** What tells one loop device from another; null for other devices. */
function imageOf(device: string): string | null {
  const file = backingFileOf(device);
  return file === null ? null : `image ${file}`;
}

function listFileSystem(fileSystem: FileSystem, uses: KernelUses | null): VolumeListing {
  const { mount, mountPoints } = fileSystem;
  const ofFiles = (known: KernelUses): string[] => mountPoints.flatMap((point) => known.byMountPoint[point] ?? []);
  return {
    path: mount.mountPoint,
    kind: 'file-system',
    sizeBytes: fileSystem.sizeBytes,
    usedBytes: fileSystem.usedBytes,
    fileSystem: mount.type,
    mountPoints,
    inUseBy: [...mountPoints.map((point) => `mounted at ${point}`), ...usePhrases(uses, ofFiles)],
    readOnly: mount.readOnly,
    network: networkLabel(mount),
    serial: null,
    model: null,
    label: null,
  };
}

/** The file systems that a person may keep volumes on: not the kernel's own, and none twice. */
async function mountedFileSystems(mounts: Mount[], rows: DiskInfo[]): Promise<FileSystem[]> {
  const visible = new Map(mounts.map((mount) => [mount.mountPoint, mount]));
  const stored = [...visible.values()].filter((mount) => !isPseudoType(mount.type));
  const fileSystems: FileSystem[] = [];
  for (const group of Map.groupBy(stored, (mount) => mount.device).values()) {
    // A bind mount shows a part only.
    const [mount, ...others] = group.toSorted((a, b) => a.root.length - b.root.length);
    if (mount === undefined) continue;
    const mountPoints = [mount, ...others].map(({ mountPoint }) => mountPoint);
    const row = rows.find(({ mountPoint }) => mountPoints.includes(mountPoint) && isWhole(mountPoint, visible));
    const { sizeBytes, usedBytes } = row ?? (await measured(mount));
    fileSystems.push({ device: mountedDevice(mount), mount, mountPoints, sizeBytes, usedBytes });
  }
  return fileSystems;
}

/** Whether a mount point that `df` shows can be no other's that was cut at a blank. */
function isWhole(mountPoint: string, visible: ReadonlyMap<string, Mount>): boolean {
  return ![...visible.keys()].some((other) => other.startsWith(`${mountPoint} `));
}

/** Bytes of a file system that `df` did not tell. A network is not asked: it might not answer. */
async function measured(mount: Mount): Promise<{ sizeBytes: number; usedBytes: number | null }> {
  if (isNetworkType(mount.type)) return { sizeBytes: 0, usedBytes: null };
  try {
    const { blocks, bfree, bsize } = await statfs(mount.mountPoint);
    return { sizeBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize };
  } catch {
    return { sizeBytes: 0, usedBytes: null };
  }
}
