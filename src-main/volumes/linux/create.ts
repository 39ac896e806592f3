/** Making the files that become volumes. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { constants as osConstants } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { volumeLost, volumeUnsuitable } from '../volume-error.ts';
import { look } from './look.ts';
import { reasonAgainstFile } from './missing-files.ts';
import { errnoOf, isInvalidArgument, openFault, systemError } from './system-error.ts';

const { errno } = osConstants;

/** What says that a file system, or this pair of files, knows no shared blocks. */
const cannotShare: ReadonlySet<number> = new Set([
  errno.EOPNOTSUPP,
  errno.ENOTSUP,
  errno.EXDEV,
  errno.EINVAL,
  errno.ENOTTY,
  errno.ENOSYS,
]);

/** What says that a file system has no second names for a file. */
const noLinks: ReadonlySet<number> = new Set([
  errno.EPERM,
  errno.EOPNOTSUPP,
  errno.ENOTSUP,
  errno.ENOSYS,
  errno.EMLINK,
]);

/**
 * Makes a durable sparse file of `sizeBytes`, mode 0600, or leaves nothing; errors as in VolumePlatform.createFile. It
 * is made under another name first: cut off in the middle, it would be a volume that is too small for its pair.
 */
export function createVolumeFile(given: string, sizeBytes: number): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || given.includes('\0')) {
    throw volumeUnsuitable(given.replaceAll('\0', '?'), `cannot be made with ${sizeBytes} bytes`, 'Give another size.');
  }
  const path = resolve(given);
  const key = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
  const unfinished = join(dirname(path), `.sitepair-${key}`);
  try {
    assertFree(path);
    // One that a kill left.
    rmSync(unfinished, { force: true });
    makeSparseFile(unfinished, sizeBytes);
    giveName(unfinished, path);
  } catch (cause) {
    throw openFault(cause, path, true);
  }
  try {
    syncDirectory(dirname(path));
  } catch (cause) {
    unlinkSync(path);
    throw openFault(cause, path, true);
  }
}

/** Makes a file longer, durably, as in VolumePlatform.extendFile; one that is long enough stays as it is. */
export function extendVolumeFile(given: string, sizeBytes: number): void {
  const { path, kind } = look(given);
  if (kind !== 'file') throw volumeUnsuitable(path, 'is no file, so it cannot be made longer', 'Enlarge the device.');
  try {
    const fd = openSync(path, constants.O_RDWR);
    try {
      if (fstatSync(fd).size < sizeBytes) ftruncateSync(fd, sizeBytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw openFault(cause, path, true);
  }
}

/** Throws where something is at a path, or no file should be. */
function assertFree(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw systemError(errno.EEXIST);
  const against = reasonAgainstFile(path);
  if (against !== null) throw volumeLost(path, { text: against });
}

function makeSparseFile(path: string, sizeBytes: number): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    ftruncateSync(fd, sizeBytes);
    fsyncSync(fd);
  } catch (cause) {
    unlinkSync(path);
    throw cause;
  } finally {
    closeSync(fd);
  }
}

/** Gives a file its name as renameNew does; leaves nothing where that fails. */
function giveName(from: string, to: string): void {
  try {
    renameNew(from, to);
  } catch (cause) {
    unlinkSync(from);
    throw cause;
  }
}

/** Renames a file, never over another one where the file system can tell in one step. Throws the system's error. */
export function renameNew(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (cause) {
    if (!noLinks.has(errnoOf(cause) ?? 0) || existsSync(to)) throw cause;
    renameSync(from, to);
    return;
  }
  unlinkSync(from);
}

/** Clones a file by reflink, durably; false where that cannot be done here. Errors as in VolumePlatform.reflink. */
export function reflinkFile(from: string, to: string): boolean {
  const source = look(from);
  if (source.kind !== 'file') return false;
  const target = resolve(to);
  try {
    copyFileSync(source.path, target, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  } catch (cause) {
    if (cannotShare.has(errnoOf(cause) ?? 0)) return false;
    throw openFault(cause, target, true);
  }
  try {
    const fd = openSync(target, constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    syncDirectory(dirname(target));
    return true;
  } catch (cause) {
    unlinkSync(target);
    throw openFault(cause, target, true);
  }
}

/** Makes the names in a directory durable. */
export function syncDirectory(directory: string): void {
  const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } catch (cause) {
    // Some network file systems have no such call: there the server keeps names.
    if (!isInvalidArgument(cause)) throw cause;
  } finally {
    closeSync(fd);
  }
}
