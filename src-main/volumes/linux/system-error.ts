/**
 * What Linux says, translated into what it means for a volume. The names are not what one expects: a server that died
 * shows as EINVAL or ENOTCONN, a device set read-only as EPERM although it could be opened.
 */
import { constants } from 'node:os';
import { getSystemErrorMessage, getSystemErrorName } from 'node:util';
import { SitepairError } from '../../contract/errors.ts';
import type { ByteRange } from '../volume.ts';
import {
  flushFailed,
  noSpace,
  permissionDenied,
  readFailed,
  type Reason,
  volumeCallFailed,
  volumeInUse,
  volumeLost,
  volumeReadOnly,
  volumeUnsuitable,
  writeFailed,
} from '../volume-error.ts';

const { errno } = constants;
// Not in Node's table; from asm-generic/errno.h.
const ENOLINK = 67;
const EUCLEAN = 117;
const EREMOTEIO = 121;
const ENOMEDIUM = 123;
const ESHUTDOWN = 108;
const EHOSTDOWN = 112;

/** Nothing is at the other end any more. */
const lost: ReadonlySet<number> = new Set([
  errno.EINVAL,
  errno.ENODEV,
  errno.ENXIO,
  errno.ENOTCONN,
  errno.ESTALE,
  errno.EHOSTUNREACH,
  errno.ENETDOWN,
  errno.ENETUNREACH,
  errno.ETIMEDOUT,
  errno.ECONNABORTED,
  errno.ECONNREFUSED,
  errno.ECONNRESET,
  errno.EPIPE,
  EHOSTDOWN,
  ENOLINK,
  ENOMEDIUM,
  ESHUTDOWN,
]);

/** The medium is there and a part of it is bad: worth finding which block. */
const medium: ReadonlySet<number> = new Set([
  errno.EIO,
  errno.EBADMSG,
  errno.EILSEQ,
  errno.ENODATA,
  EREMOTEIO,
  EUCLEAN,
]);

/** The errno of an error of Node's fs, or null where it is none. */
export function errnoOf(cause: unknown): number | null {
  return cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number' ? Math.abs(cause.errno) : null;
}

/** Whether it says that a part of the medium is bad, so that smaller pieces beside it may still work. */
export function isMediumFault(cause: unknown): boolean {
  const number = errnoOf(cause);
  return number !== null && medium.has(number);
}

/** Whether a signal interrupted the call before anything was done. */
export function isInterruption(cause: unknown): boolean {
  return errnoOf(cause) === errno.EINTR;
}

/** Whether something else holds it: a mount, a holder, an exclusive open, a running program or swap file. */
export function isBusy(cause: unknown): boolean {
  const number = errnoOf(cause);
  return number === errno.EBUSY || number === errno.ETXTBSY;
}

/** Whether the call, or its alignment, is not possible here. */
export function isInvalidArgument(cause: unknown): boolean {
  return errnoOf(cause) === errno.EINVAL;
}

/** Whether nobody may write there, whatever their rights. */
export function isRefusalToWrite(cause: unknown): boolean {
  const number = errnoOf(cause);
  return number === errno.EROFS || number === errno.EPERM;
}

function reasonOf(cause: unknown, number: number | null): Reason {
  if (number === null) return { text: cause instanceof Error ? cause.message : String(cause), cause };
  const name = getSystemErrorName(-number);
  const known = !name.startsWith('Unknown');
  return { text: known ? `${getSystemErrorMessage(-number)} (${name})` : `system error ${number}`, cause };
}

/** An errno that a call through koffi gave, as an error like Node's own. */
export function systemError(number: number): Error {
  return Object.assign(new Error(getSystemErrorMessage(-number)), { errno: -number });
}

/** Why a volume could not be looked at, opened or made. Never throws; gives the error to be thrown. */
export function openFault(cause: unknown, path: string, writing: boolean): SitepairError {
  if (cause instanceof SitepairError) return cause;
  const number = errnoOf(cause);
  const reason = reasonOf(cause, number);
  switch (number) {
    case null:
    case errno.EMFILE:
    case errno.ENFILE:
    case errno.ENOMEM:
      return volumeCallFailed(path, reason);
    case errno.EACCES:
      return permissionDenied(path, reason);
    case errno.EPERM:
      return writing ? volumeReadOnly(path, reason) : permissionDenied(path, reason);
    case errno.EROFS:
      return volumeReadOnly(path, reason);
    case errno.EBUSY:
    case errno.ETXTBSY:
      return volumeInUse(path, reason);
    case errno.ENOSPC:
    case errno.EDQUOT:
      return noSpace(path, null, reason);
    case errno.EEXIST:
      return volumeUnsuitable(path, 'exists already', 'Give the path of a file that does not exist, or remove it.');
    case errno.EISDIR:
    case errno.ELOOP:
    case errno.ENAMETOOLONG:
    case errno.EFBIG:
    case errno.EOVERFLOW:
      return volumeUnsuitable(path, `cannot be a volume: ${reason.text}`, 'Give the path of a file or block device.');
    default:
      return volumeLost(path, reason);
  }
}

/** Why a folder for copies of volumes could not be made. Gives the error to be thrown. */
export function folderFault(cause: unknown, path: string): SitepairError {
  const { code, remedy } = openFault(cause, path, true).report;
  return new SitepairError(
    {
      code: code === 'volume-lost' ? 'volume-unsuitable' : code,
      message: `The folder ${path} cannot be made: ${reasonOf(cause, errnoOf(cause)).text}.`,
      where: path,
      remedy: code === 'no-space' ? remedy : 'Give the path of a new folder, in one that is there and can be written.',
    },
    { cause },
  );
}

/**
 * Why a range (bytes) could not be read. Gives the error to be thrown: `read-failed` only for a fault of the medium, as
 * that may be passed over; what a machine short of memory, or a busy one, refuses is there all the same.
 */
export function readFault(cause: unknown, path: string, range: ByteRange): SitepairError {
  if (cause instanceof SitepairError) return cause;
  const number = errnoOf(cause);
  const reason = reasonOf(cause, number);
  if (number === null) return volumeCallFailed(path, reason);
  if (lost.has(number)) return volumeLost(path, reason);
  if (number === errno.EACCES || number === errno.EPERM) return permissionDenied(path, reason);
  return medium.has(number) ? readFailed(path, range, reason) : volumeCallFailed(path, reason, range);
}

/** Why a range (bytes) could not be written or given back. Gives the error to be thrown. */
export function writeFault(cause: unknown, path: string, range: ByteRange): SitepairError {
  if (cause instanceof SitepairError) return cause;
  const number = errnoOf(cause);
  const reason = reasonOf(cause, number);
  switch (number) {
    case null:
      return volumeCallFailed(path, reason);
    case errno.EPERM:
    case errno.EROFS:
      return volumeReadOnly(path, reason);
    case errno.EACCES:
      return permissionDenied(path, reason);
    case errno.ENOSPC:
    case errno.EDQUOT:
      return noSpace(path, range, reason);
    case errno.ETXTBSY:
      return volumeInUse(path, reason);
    default:
      return lost.has(number) ? volumeLost(path, reason) : writeFailed(path, range, reason);
  }
}

/** Why a flush failed. `range`: where all lies that was written since the last one. Gives the error to be thrown. */
export function flushFault(cause: unknown, path: string, range: ByteRange | null): SitepairError {
  return flushFailed(path, reasonOf(cause, errnoOf(cause)), range);
}
