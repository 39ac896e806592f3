/** Looking at a path without opening what is there: opening might wait (a pipe) or need rights to its content. */
import { type BigIntStats, closeSync, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VolumeKind } from '../volume.ts';
import { volumeLost, volumeUnsuitable } from '../volume-error.ts';
import { deviceExists, deviceOf } from './block-devices.ts';
import { isKernelType } from './file-system-types.ts';
import { type Mount, readMounts } from './mounts.ts';
import { openFault } from './system-error.ts';

/** From asm-generic/fcntl.h; Node has no name for it. */
const O_PATH = 0o10000000;

/** What is at a path. */
export interface Sight {
  /** Absolute, as given. */
  path: string;
  /** With links followed. */
  realPath: string;
  kind: VolumeKind;
  stat: BigIntStats;
  /** "MAJOR:MINOR" of a block device, else null. */
  device: string | null;
  /** The mount it lies on; null where it lies outside of what this process sees. */
  mount: Mount | null;
}

/**
 * Looks at a volume. Throws `volume-lost` where nothing is there, `permission-denied`, and `volume-unsuitable` for
 * directories, pipes, sockets, character devices and the kernel's own files.
 */
export function look(given: string): Sight {
  if (given.includes('\0')) {
    throw volumeUnsuitable(given.replaceAll('\0', '?'), 'is no path', 'Give a path without control characters.');
  }
  const path = resolve(given);
  let sight: Sight;
  try {
    sight = lookAt(path);
  } catch (cause) {
    throw openFault(cause, path, false);
  }
  if (sight.device !== null && !deviceExists(sight.device)) {
    throw volumeLost(path, { text: `the kernel has no block device ${sight.device}` });
  }
  if (sight.mount !== null && sight.device === null && isKernelType(sight.mount.type)) {
    throw unsuitable(path, `lies on a file system of the kernel's own (${sight.mount.type})`);
  }
  return sight;
}

function lookAt(path: string): Sight {
  const fd = openSync(path, O_PATH);
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isDirectory()) throw unsuitable(path, 'is a directory');
    if (stat.isFIFO()) throw unsuitable(path, 'is a pipe');
    if (stat.isSocket()) throw unsuitable(path, 'is a socket');
    if (stat.isCharacterDevice()) throw unsuitable(path, 'is a character device');
    const mountId = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return {
      path,
      realPath: readlinkSync(`/proc/self/fd/${fd}`),
      kind: stat.isBlockDevice() ? 'block-device' : 'file',
      stat,
      device: stat.isBlockDevice() ? deviceOf(stat.rdev) : null,
      mount: readMounts().find((mount) => mount.id === Number(mountId)) ?? null,
    };
  } finally {
    closeSync(fd);
  }
}

function unsuitable(path: string, why: string): Error {
  return volumeUnsuitable(path, why, 'Give the path of a block device, a disk image or another large file.');
}
