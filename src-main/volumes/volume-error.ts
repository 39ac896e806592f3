/**
 * The errors of volumes, worded once for every adapter and the in-memory fake: what happened, at which volume and
 * bytes, and the way out. Adapters translate what their system says into these.
 */
import { SitepairError, type ErrorCode } from '../contract/errors.ts';
import type { ByteRange } from './volume.ts';

/**
 * An error at a volume. `range` is the exact block that failed, of a flush all that it was to make durable (bytes);
 * null where the whole volume is concerned.
 */
export class VolumeError extends SitepairError {
  readonly path: string;
  readonly range: ByteRange | null;

  constructor(code: ErrorCode, fault: Fault) {
    const { path, range = null, message, remedy } = fault;
    super({ code, message, where: range === null ? path : `${path}, ${span(range)}`, remedy }, { cause: fault.cause });
    this.name = 'VolumeError';
    this.path = path;
    this.range = range;
  }
}

interface Fault {
  path: string;
  range?: ByteRange | null;
  message: string;
  remedy: string;
  cause?: unknown;
}

/** What went wrong below: the reason as words ("i/o error (EIO)") and the error it came with. */
export interface Reason {
  text: string;
  cause?: unknown;
}

function span(range: ByteRange): string {
  return `offset ${range.start}, length ${range.end - range.start}`;
}

/** A block that the medium does not give. */
export function readFailed(path: string, range: ByteRange, reason: Reason): VolumeError {
  return new VolumeError('read-failed', {
    path,
    range,
    message: `Reading ${path} failed at ${span(range)}: ${reason.text}.`,
    remedy:
      'See the system log for the device; repair or replace it, or rewrite the block (of a replica never by hand: verify --repair rewrites it from the source), then start again.',
    cause: reason.cause,
  });
}

/** A block that cannot be written. */
export function writeFailed(path: string, range: ByteRange, reason: Reason): VolumeError {
  return new VolumeError('write-failed', {
    path,
    range,
    message: `Writing ${path} failed at ${span(range)}: ${reason.text}.`,
    remedy: 'See the system log for the device; repair or replace it, then start again.',
    cause: reason.cause,
  });
}

/** A flush that failed: what was written since the last good one is unknown. */
export function flushFailed(path: string, reason: Reason, range: ByteRange | null = null): VolumeError {
  const writes = range === null ? '' : ` between the bytes ${range.start} and ${range.end}`;
  return new VolumeError('flush-failed', {
    path,
    range,
    message: `Making the writes to ${path}${writes} durable failed, so what it holds there now is unknown: ${reason.text}.`,
    remedy: 'See the system log for the device, repair it or give it space; group show says how to go on then.',
    cause: reason.cause,
  });
}

/** Nothing answers where the volume was. */
export function volumeLost(path: string, reason: Reason): VolumeError {
  return new VolumeError('volume-lost', {
    path,
    message: `The volume ${path} does not answer: ${reason.text}.`,
    remedy: 'Check the path, and that its device is attached or its file system mounted and its server running.',
    cause: reason.cause,
  });
}

/** The volume is there, but calls for it do not return. `wayOut` is a clause. */
export function volumeStalled(path: string, seconds: number, wayOut: string): VolumeError {
  return new VolumeError('volume-stalled', {
    path,
    message: `${path} has not answered for ${seconds} s.`,
    remedy: `If its side is lost, ${wayOut}. Else wait until it answers, then start again.`,
  });
}

/** A block device of no size: an empty drive, or a loop device with nothing attached. */
export function noMedium(path: string): VolumeError {
  return volumeLost(path, { text: 'the device has no medium, or nothing is attached to it' });
}

/** A volume that may be read only. */
export function volumeReadOnly(path: string, reason: Reason): VolumeError {
  return new VolumeError('volume-read-only', {
    path,
    message: `The volume ${path} cannot be written: ${reason.text}.`,
    remedy: 'Make the device or its mount writable (blockdev --setrw, mount -o remount,rw), then start again.',
    cause: reason.cause,
  });
}

/** No space, or no quota, left below the volume. */
export function noSpace(path: string, range: ByteRange | null, reason: Reason): VolumeError {
  return new VolumeError('no-space', {
    path,
    range,
    message: `There is no space left for ${path}${range === null ? '' : ` at ${span(range)}`}: ${reason.text}.`,
    remedy: 'Free space on the file system or storage pool that it lies on, or raise the quota, then start again.',
    cause: reason.cause,
  });
}

/** The volume ends before the bytes asked for. `endBytes` is where it ends now. */
export function volumeChanged(path: string, range: ByteRange, endBytes: number): VolumeError {
  return new VolumeError('volume-changed', {
    path,
    range,
    message: `The volume ${path} ends at byte ${endBytes}, before the end of ${span(range)}.`,
    remedy: 'Find out who changed its size and give it back its size, then start again.',
  });
}

/** Rights that are missing. */
export function permissionDenied(path: string, reason: Reason): VolumeError {
  return new VolumeError('permission-denied', {
    path,
    message: `Sitepair may not open ${path}: ${reason.text}.`,
    remedy: "Run it as a user who may read and write the volume (for block devices: root or the group 'disk').",
    cause: reason.cause,
  });
}

/** Something that cannot serve as a volume, whatever its state. `why` completes "PATH ...". */
export function volumeUnsuitable(path: string, why: string, remedy: string): VolumeError {
  return new VolumeError('volume-unsuitable', { path, message: `${path} ${why}.`, remedy });
}

/** A volume that could not be held because something uses it. */
export function volumeInUse(path: string, reason: Reason): VolumeError {
  return new VolumeError('blocked', {
    path,
    message: `The volume ${path} is in use: ${reason.text}.`,
    remedy: 'Unmount it, or stop what uses it, then start again.',
    cause: reason.cause,
  });
}

/**
 * A defect in Sitepair or a machine short of memory or handles: nothing that is wrong with the volume. `range`: the
 * bytes that the call was for, where it was for some.
 */
export function volumeCallFailed(path: string, reason: Reason, range: ByteRange | null = null): VolumeError {
  return new VolumeError('internal', {
    path,
    range,
    message: `A call for ${path}${range === null ? '' : ` at ${span(range)}`} failed: ${reason.text}.`,
    remedy: 'Start again; if it happens once more, report it with the diagnostics.',
    cause: reason.cause,
  });
}
