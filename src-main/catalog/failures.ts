/**
 * What can go wrong with the catalog's file, told as a person needs it: SQLite's and the system's codes in, one
 * SitepairError out. The catalog is disposable, so that every message can name a way on.
 */
import { getSystemErrorMessage } from 'node:util';
import Database from 'better-sqlite3';
import { SitepairError } from '../contract/errors.ts';
import { errorCode } from '../error-code.ts';

const bringBack = 'bring the groups back from their stores with `sitepair group adopt STORE_DIR`';

/** The `catalog-unusable` of a file whose content cannot be relied on; `found` is a clause such as "holds no runs". */
export function catalogDamaged(file: string, found: string, cause?: unknown): SitepairError {
  return unusable(
    file,
    `The catalog ${file} cannot be used: ${found}.`,
    `Move ${file} and its -wal and -shm files away, then ${bringBack}.`,
    cause,
  );
}

/** The `catalog-unusable` of a catalog that somebody moved, removed or replaced while this process had it open. */
export function catalogReplaced(file: string): SitepairError {
  return unusable(
    file,
    `The catalog ${file} was moved away or replaced while it was open, or is out of reach now.`,
    `End Sitepair and start it again; where a new catalog lacks groups, ${bringBack}.`,
  );
}

/** The `format-too-new` of a catalog that a newer Sitepair wrote. */
export function catalogTooNew(file: string, version: number, known: number): SitepairError {
  return new SitepairError({
    code: 'format-too-new',
    message: `The catalog ${file} has version ${version}, and this Sitepair knows versions up to ${known}.`,
    where: file,
    remedy: `Use the Sitepair that wrote it or a newer one; or choose another directory with --home and ${bringBack}.`,
  });
}

/** Turns what a system call on the catalog's file or directory throws into `catalog-unusable`; hands back all else. */
export function explainSystemError(file: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error;
  if (['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')) return noSpace(file, error);
  const said = 'errno' in error && typeof error.errno === 'number' ? getSystemErrorMessage(error.errno) : error.message;
  return notWritable(file, said, error);
}

/**
 * Turns what SQLite throws into a SitepairError: `busy` where another process kept the catalog locked, else
 * `catalog-unusable`. A broken constraint is a defect of Sitepair's and is handed back as all else is.
 */
export function explainSqliteError(file: string, cause: unknown): unknown {
  if (!(cause instanceof Database.SqliteError) || cause.code.startsWith('SQLITE_CONSTRAINT')) return cause;
  const { code } = cause;
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED' || code === 'SQLITE_PROTOCOL') {
    return new SitepairError(
      {
        code: 'busy',
        message: `Another process keeps the catalog ${file} locked.`,
        where: file,
        remedy: 'Try again in a moment; where it stays so, end the other Sitepair.',
      },
      { cause },
    );
  }
  // A shared-memory file that cannot grow is how a full file system shows before the first write.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return noSpace(file, cause);
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return notWritable(file, cause.message, cause);
  if (code.startsWith('SQLITE_IOERR')) return notWritable(file, `${cause.message} (${code})`, cause);
  return catalogDamaged(file, cause.message, cause);
}

function noSpace(file: string, cause: Error): SitepairError {
  return unusable(
    file,
    `There is no space left for the catalog ${file}.`,
    `Free space on its file system and try again; or choose another directory with --home and ${bringBack}.`,
    cause,
  );
}

function notWritable(file: string, found: string, cause: Error): SitepairError {
  return unusable(
    file,
    `The catalog ${file} cannot be opened, read or written: ${found}.`,
    `Make its directory writable for you and see to its disk; or choose another with --home and ${bringBack}.`,
    cause,
  );
}

function unusable(file: string, message: string, remedy: string, cause?: unknown): SitepairError {
  return new SitepairError({ code: 'catalog-unusable', message, where: file, remedy }, { cause });
}
