/**
 * What uses a volume, followed through the kernel's own layers: the disk under a partition, the partitions on a disk,
 * the file under a loop device and all loop devices on a file, and what the kernel built on any of them. Only ranges
 * that the volume really has are followed, so a neighbouring partition is none of its uses.
 */
import type { ByteRange, VolumeUse } from '../volume.ts';
import {
  btrfsCompanions,
  deviceBytes,
  deviceNode,
  diskOf,
  holdersOf,
  isReadOnlyDevice,
  partitionsOf,
} from './block-devices.ts';
import { shifted } from './footprints.ts';
import { attachedLoops, deviceSpace, type Loop, spaceAt } from './loops.ts';
import { type Mount, readMounts } from './mounts.ts';
import { activeSwaps, type Swap } from './swaps.ts';

/** What the kernel has in use, read once for any number of volumes. */
export interface UseFacts {
  mounts: Mount[];
  loops: Loop[];
  swaps: Swap[];
}

/** Somewhere that bytes of the volume can be reached. */
export interface Place {
  /** "inode:DEV:INO" or "device:MAJ:MIN". */
  space: string;
  device: string | null;
  /** Its path, or null for the volume itself. */
  name: string | null;
  /** Bytes of the place that are the volume's. */
  range: ByteRange;
  isPartition: boolean;
}

const everything: ByteRange = { start: 0, end: Number.MAX_SAFE_INTEGER };

export function readUseFacts(): UseFacts {
  return { mounts: readMounts(), loops: attachedLoops(), swaps: activeSwaps() };
}

/** The volume itself as the place to start from. */
export function volumePlace(space: string, device: string | null): Place {
  return { space, device, name: null, range: everything, isPartition: false };
}

/** "mounted at /srv" of the volume itself, "/dev/loop3 mounted at /srv" of another place. */
export function phrase(place: Place, words: string): string {
  return place.name === null ? words : `${place.name} ${words}`;
}

/** All places where bytes of the volume can be reached, and what the kernel uses them for. */
export function followUses(start: Place, facts: UseFacts): { places: Place[]; uses: VolumeUse[] } {
  const places = [start];
  const uses: VolumeUse[] = [];
  const visit = (place: Place): boolean => {
    if (places.some((known) => known.space === place.space)) return false;
    places.push(place);
    return true;
  };
  // `places` grows while it is walked.
  for (const place of places) {
    uses.push(...mountsOf(place, facts.mounts), ...swapsOf(place, facts.swaps));
    for (const { loop, place: attached } of loopsOn(place, facts.loops)) {
      if (!visit(attached)) continue;
      uses.push({ by: 'loop', detail: phrase(place, `attached to ${loop.node}`), writes: !loop.readOnly });
    }
    if (place.device === null) continue;
    for (const holder of holdersOf(place.device)) {
      const space = deviceSpace(holder.device);
      const name = deviceNode(holder.device);
      visit({ space, device: holder.device, name, range: everything, isPartition: false });
      const writes = !isReadOnlyDevice(holder.device);
      uses.push({ by: 'holder', detail: phrase(place, `held by ${holder.name}`), writes });
    }
    partitionsIn(place, place.device).forEach(visit);
    below(place, place.device, facts.loops).forEach(visit);
  }
  return { places, uses };
}

function mountsOf(place: Place, mounts: Mount[]): VolumeUse[] {
  if (place.device === null) return [];
  const devices = new Set([place.device, ...btrfsCompanions(place.device)]);
  const by = place.isPartition ? 'partition-mount' : 'mount';
  return mounts
    .filter((mount) => devices.has(mountedDevice(mount)))
    .map(({ mountPoint, readOnly }) => ({
      by,
      detail: phrase(place, `mounted ${readOnly ? 'read-only ' : ''}at ${mountPoint}`),
      writes: !readOnly,
    }));
}

/** "MAJOR:MINOR" of what is mounted. A file system of several devices (btrfs) has no such number, but a source. */
export function mountedDevice(mount: Mount): string {
  if (!mount.device.startsWith('0:') || !mount.source.startsWith('/dev/')) return mount.device;
  return /^device:(.*)$/.exec(spaceAt(mount.source) ?? '')?.[1] ?? mount.device;
}

function swapsOf(place: Place, swaps: Swap[]): VolumeUse[] {
  return swaps
    .filter((swap) => swap.space === place.space)
    .map(() => ({ by: 'swap', detail: phrase(place, 'in use as swap'), writes: true }));
}

function loopsOn(place: Place, loops: Loop[]): { loop: Loop; place: Place }[] {
  return loops.flatMap((loop) => {
    const range = common(place.range, { start: loop.offset, end: loop.offset + deviceBytes(loop.device) });
    if (loop.backing !== place.space || range === null) return [];
    const { device, node: name, offset } = loop;
    const attached = { space: deviceSpace(device), device, name, range: shifted(range, -offset), isPartition: false };
    return [{ loop, place: attached }];
  });
}

function partitionsIn(place: Place, disk: string): Place[] {
  return partitionsOf(disk).flatMap(({ device, start, sizeBytes }) => {
    const range = common(place.range, { start, end: start + sizeBytes });
    if (range === null) return [];
    const name = deviceNode(device);
    return [{ space: deviceSpace(device), device, name, range: shifted(range, -start), isPartition: true }];
  });
}

/** The disk under a partition, and the file or device under a loop device. */
function below(place: Place, device: string, loops: Loop[]): Place[] {
  const own = common(place.range, { start: 0, end: deviceBytes(device) });
  if (own === null) return [];
  const under: Place[] = [];
  const partition = diskOf(device);
  if (partition !== null) {
    const { disk, start } = partition;
    const range = shifted(own, start);
    under.push({ space: deviceSpace(disk), device: disk, name: deviceNode(disk), range, isPartition: false });
  }
  const loop = loops.find((attached) => attached.device === device);
  if (loop !== undefined && loop.backing !== null) {
    const backingDevice = /^device:(.*)$/.exec(loop.backing)?.[1] ?? null;
    const range = shifted(own, loop.offset);
    const isPartition = false;
    under.push({ space: loop.backing, device: backingDevice, name: loop.backingPath, range, isPartition });
  }
  return under;
}

function common(a: ByteRange, b: ByteRange): ByteRange | null {
  const range = { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) };
  return range.start < range.end ? range : null;
}
