/** Loop devices and what they are attached to: the only trace that an image file in use leaves. */
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { deviceOf } from './block-devices.ts';
import { silentOf } from './silence.ts';
import { type LoopStatus, loopStatus } from './syscalls.ts';

export interface Loop {
  /** "MAJOR:MINOR". */
  device: string;
  /** "/dev/loop3". */
  node: string;
  /** As the kernel knows it; may be stale where the file was deleted or lies behind another mount. */
  backingPath: string;
  /** Where its bytes lie: "inode:DEV:INO" or "device:MAJ:MIN", as in footprints; null where it cannot be known. */
  backing: string | null;
  /** Offset on the backing file, bytes. */
  offset: number;
  readOnly: boolean;
}

/** The space of a regular file with this st_dev and st_ino. */
export function inodeSpace(dev: number | bigint, ino: number | bigint): string {
  return `inode:${dev}:${ino}`;
}

/** The space of a block device, "MAJOR:MINOR". */
export function deviceSpace(device: string): string {
  return `device:${device}`;
}

/** The space that a file or block device at a path has, or null where none can be seen. */
export function spaceAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return null;
  return found.isBlockDevice() ? deviceSpace(deviceOf(found.rdev)) : inodeSpace(found.dev, found.ino);
}

/** The kernel's own answer; it needs the right to open the loop device. */
function askDevice(node: string): LoopStatus | null {
  try {
    const fd = openSync(node, 'r');
    try {
      return loopStatus(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

/** Whether something was asked of a device, by its name, that it has not done yet. */
function isBusy(name: string): boolean {
  const asked = readFileSync(`/sys/block/${name}/inflight`, 'utf8').trim().split(/\s+/).map(Number);
  return asked.some((count) => count > 0);
}

/**
 * One that hangs, whoever's it is, must not hold up what has nothing to do with it. Only a busy one may, so the others
 * are spared the question. Blocks as `silentOf` does.
 */
function hangs(name: string, node: string): boolean {
  return isBusy(name) && silentOf([node], 'device').length > 0;
}

function backingSpace(name: string, node: string, backingPath: string): string | null {
  const hung = hangs(name, node);
  const status = hung ? null : askDevice(node);
  if (status !== null) {
    if (status.backingRdev !== 0) return deviceSpace(deviceOf(status.backingRdev));
    return inodeSpace(status.backingDevice, status.backingInode);
  }
  if (hung && silentOf([backingPath], 'volume').length > 0) return null;
  try {
    return spaceAt(backingPath);
  } catch {
    return null;
  }
}

/** All loop devices that are attached to something. Blocks where one of them hangs: for worker threads only. */
export function attachedLoops(): Loop[] {
  const names = readdirSync('/sys/block').filter((name) => /^loop\d+$/.test(name));
  return names.flatMap((name) => {
    const read = (attribute: string): string => readFileSync(`/sys/block/${name}/${attribute}`, 'utf8');
    try {
      const node = `/dev/${name}`;
      const backingPath = read('loop/backing_file').replace(/\n$/, '');
      return [
        {
          device: read('dev').trim(),
          node,
          backingPath: backingPath.replace(/ \(deleted\)$/, ''),
          backing: backingSpace(name, node, backingPath),
          offset: Number(read('loop/offset')),
          readOnly: read('ro').trim() === '1',
        },
      ];
    } catch {
      // Not attached, or detached while it was looked at.
      return [];
    }
  });
}
