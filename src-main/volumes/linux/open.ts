/** Opening volumes in each mode. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { OpenMode, VolumeHandle } from '../volume.ts';
import { noMedium, volumeInUse, volumeReadOnly } from '../volume-error.ts';
import { isReadOnlyDevice } from './block-devices.ts';
import { readSomeDirectly } from './direct-read.ts';
import { look, type Sight } from './look.ts';
import { deviceSize, OpenDevice } from './open-device.ts';
import { OpenFile } from './open-file.ts';
import { isBusy, isInvalidArgument, openFault } from './system-error.ts';
import { usesOf } from './uses.ts';

/** Opens the volume at a path; errors as in VolumePlatform.open. */
export function openVolume(given: string, mode: OpenMode): VolumeHandle {
  const sight = look(given);
  const { path, device } = sight;
  const writing = mode === 'write' || mode === 'write-exclusive';
  if (writing && device !== null && isReadOnlyDevice(device)) {
    throw volumeReadOnly(path, { text: 'the device is set read-only' });
  }
  try {
    const direct = readsPastCache(mode, device !== null) ? openDirect(path) : null;
    const fd = direct ?? openSync(path, flagsFor(mode, device !== null));
    return handle(sight, fd, mode, direct !== null);
  } catch (cause) {
    throw isBusy(cause) ? inUse(path, cause) : openFault(cause, path, writing);
  }
}

/**
 * A device is always read past the page cache: as long as it is mounted, or open anywhere, that cache keeps
 * what was read of it once, and what a file system writes to its files does not pass through it.
 */
function readsPastCache(mode: OpenMode, isDevice: boolean): boolean {
  return mode === 'read-past-cache' || (mode === 'read' && isDevice);
}

function flagsFor(mode: OpenMode, isDevice: boolean): number {
  switch (mode) {
    case 'read':
    case 'read-past-cache':
      return constants.O_RDONLY;
    case 'write':
      return constants.O_RDWR;
    case 'read-exclusive':
      return constants.O_RDONLY | (isDevice ? constants.O_EXCL : 0);
    case 'write-exclusive':
      return constants.O_RDWR | (isDevice ? constants.O_EXCL : 0);
  }
}

function handle({ path, device }: Sight, fd: number, mode: OpenMode, direct: boolean): VolumeHandle {
  try {
    if (device === null) return new OpenFile({ fd, path, mode, direct, sizeBytes: fstatSync(fd).size });
    const sizeBytes = deviceSize(fd);
    if (sizeBytes === 0) throw noMedium(path);
    return new OpenDevice({ fd, path, mode, direct, sizeBytes });
  } catch (cause) {
    closeSync(fd);
    throw cause;
  }
}

/** A descriptor that reads past the page cache, or null where the file system has no such thing. */
function openDirect(path: string): number | null {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_DIRECT);
    // Some say so only when they are read.
    readSomeDirectly(fd, Buffer.alloc(1), 0, 1, 0);
    return fd;
  } catch (cause) {
    if (!isInvalidArgument(cause)) {
      // A first block that is bad does not concern the others.
      if (fd !== null) return fd;
      throw cause;
    }
    if (fd !== null) closeSync(fd);
    return null;
  }
}

function inUse(path: string, cause: unknown): Error {
  const uses = usesOf(path).map((use) => use.detail);
  return volumeInUse(path, { text: uses.length === 0 ? 'it is held exclusively' : uses.join('; '), cause });
}
