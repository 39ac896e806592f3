/** Where anything that was thrown becomes the one kind of error that a person may see. */
import { getSystemErrorMessage } from 'node:util';
import { SitepairError, type ErrorReport } from '../contract/errors.ts';
import { errorCode } from '../error-code.ts';

export function asSitepairError(error: unknown): SitepairError {
  if (error instanceof SitepairError) return error;
  return new SitepairError(
    {
      code: 'internal',
      message: `Something went wrong inside Sitepair: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Nothing complete is lost. Try again; if it comes again, report it with what was done.',
    },
    { cause: error },
  );
}

/** What `reasonOf` says of a missing right. */
export const mayNot = 'this user may not';

const reasons: Readonly<Record<string, string>> = {
  EACCES: mayNot,
  EPERM: mayNot,
  EROFS: 'its file system is mounted read-only',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is no directory',
  EIO: 'its disk gives errors',
  EDQUOT: 'the quota of this user is used up there',
  ESTALE: 'the server of its file system has forgotten it',
  ENOTCONN: 'what served its file system is gone',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
};

/** Why the system refused a call, in a few words that stand after "cannot be read: ". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const known = reasons[errorCode(error) ?? ''];
  if (known !== undefined) return known;
  // Node's own errors of the file system have a positive number.
  return 'errno' in error && typeof error.errno === 'number' && error.errno < 0
    ? getSystemErrorMessage(error.errno)
    : error.message;
}

export function asReport(error: unknown): ErrorReport {
  return asSitepairError(error).report;
}
