/** Making the files that become volumes. */
import { closeSync, constants, copyFileSync, fsyncSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { dirname, resolve } from 'node:path';
import { volumeUnsuitable } from '../volume-error.ts';
import { look } from './look.ts';
import { errnoOf, isInvalidArgument, openFault } from './system-error.ts';

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

/** Makes a durable sparse file of `sizeBytes`, mode 0600, or leaves nothing; errors as in VolumePlatform.createFile. */
export function createVolumeFile(given: string, sizeBytes: number): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || given.includes('\0')) {
    throw volumeUnsuitable(given.replaceAll('\0', '?'), `cannot be made with ${sizeBytes} bytes`, 'Give another size.');
  }
  const path = resolve(given);
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (cause) {
    throw openFault(cause, path, true);
  }
  try {
    ftruncateSync(fd, sizeBytes);
    fsyncSync(fd);
    syncDirectory(dirname(path));
  } catch (cause) {
    unlinkSync(path);
    throw openFault(cause, path, true);
  } finally {
    closeSync(fd);
  }
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

/** Makes a new name durable. */
function syncDirectory(directory: string): void {
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
