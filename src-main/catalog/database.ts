/**
 * The catalog's file: opening, transactions, and nothing of what is kept in it (groups.ts, runs.ts, run-requests.ts,
 * audit.ts). It promises that what a write returned for survives a kill and a power cut, that several processes can use
 * one catalog at once, and that all that goes wrong with the file is told as a SitepairError.
 */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { catalogReplaced, explainSqliteError, explainSystemError } from './failures.ts';
import { assertKnownVersion, migrate } from './migrations.ts';

/** How long an operation waits for another process's, milliseconds. */
const patience = 5000;
/**
 * How long SQLite waits by itself before `patiently` tries anew, milliseconds. The longer it waits, the more seldom it
 * looks (every 100 ms at last), and a process that writes much would then keep the others out.
 */
const busyTimeout = 20;

/**
 * Opens `dir/catalog.sqlite`, making the directory (0700) and the file (0600) where they are missing, and brings it to
 * the present version. Throws `format-too-new`; `catalog-unusable` where it is damaged, no catalog, on a full disk or
 * out of reach; `busy` where another process keeps it locked for longer than 5 s.
 */
export function openCatalog(dir: string): Catalog {
  const file = join(dir, 'catalog.sqlite');
  try {
    makeDirectories(dir);
    makePrivate(file);
    return new Catalog(file, prepare(file));
  } catch (error) {
    throw explainSqliteError(file, explainSystemError(file, error));
  }
}

/**
 * Makes a directory and what is missing above it. Node's own way to do that never ends where the system says that there
 * is nothing to make one in, as below /proc.
 */
function makeDirectories(dir: string): void {
  const missing: string[] = [];
  for (let path = resolve(dir); !existsSync(path); path = dirname(path)) missing.push(path);
  for (const path of missing.reverse()) {
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      // Another process may have been quicker.
      if (!existsSync(path)) throw error;
    }
  }
}

/** An open catalog. */
export class Catalog {
  /** The path of its file. */
  readonly file: string;
  readonly #database: Database.Database;
  readonly #identity: string;

  /** Made by `openCatalog`. */
  constructor(file: string, database: Database.Database) {
    this.file = file;
    this.#database = database;
    this.#identity = identityOf(file);
  }

  /**
   * Runs `work`, which only reads, on one unchanging view of the catalog. Throws as `write` does.
   */
  read<T>(work: (database: Database.Database) => T): T {
    return this.#run(() => this.#database.transaction(work).deferred(this.#database));
  }

  /**
   * Runs `work` as one transaction: all of it or none, durable when this returns. Within another `write` it joins that
   * one, so that a change and its audit entry can be made together. Throws what `work` throws; `catalog-unusable` where
   * the disk is full or the file damaged, out of reach or moved away; `format-too-new` where a newer Sitepair has taken
   * it over; `busy` where another process keeps it locked for longer than 5 s.
   */
  write<T>(work: (database: Database.Database) => T): T {
    return this.#change('FULL', work);
  }

  /**
   * As `write`, but does not wait for the disk: a power cut may take it, a kill may not. For what is only of use while
   * the machine is up. Within a `write` it is as durable as that.
   */
  writeWithoutFlush<T>(work: (database: Database.Database) => T): T {
    return this.#change('NORMAL', work);
  }

  close(): void {
    this.#database.close();
  }

  #change<T>(synchronous: 'FULL' | 'NORMAL', work: (database: Database.Database) => T): T {
    const checked = (): T => {
      assertKnownVersion(this.#database, this.file);
      return work(this.#database);
    };
    return this.#run(() => {
      if (!this.#database.inTransaction) this.#database.pragma(`synchronous = ${synchronous}`);
      return this.#database.transaction(checked).immediate();
    });
  }

  #run<T>(work: () => T): T {
    try {
      // A file that was moved away takes writes as before, and nobody would ever see them again.
      if (identityOf(this.file) !== this.#identity) throw catalogReplaced(this.file);
      return this.#database.inTransaction ? work() : patiently(work);
    } catch (error) {
      throw explainSqliteError(this.file, error);
    }
  }
}

function prepare(file: string): Database.Database {
  const database = new Database(file, { fileMustExist: true, timeout: busyTimeout });
  try {
    patiently(() => database.transaction(() => assertKnownVersion(database, file)).deferred());
    database.pragma('synchronous = FULL');
    patiently(() => database.pragma('journal_mode = WAL'));
    database.pragma('foreign_keys = ON');
    patiently(() => migrate(database));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Does `work`, again and again for some seconds while another process holds the catalog. */
function patiently<T>(work: () => T): T {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/**
 * Makes the file where it is missing; SQLite gives its mode to the files beside it. A file that is there is never
 * opened here: fcntl locks belong to the process, and closing the file would free those that SQLite holds on it.
 */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  }
}

/** Device and inode; empty where there is no file, or no way to it. */
function identityOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}
