/**
 * Locks on files of a group's folder in a store, with Linux open-file-description locks (fcntl F_OFD_SETLK, see
 * fcntl(2)): the group's own on `lock`, and that of pin.ts. One is held until it is closed or its process is gone,
 * whatever way that goes, and it cannot be broken. The file says who holds it, for people; the kernel's word is what
 * counts.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import koffi from 'koffi';
import { SitepairError } from '../contract/errors.ts';
import { lockName } from './file-names.ts';

const setLock = 37;
const getLock = 36;
const writeLock = 1;
const unlocked = 2;

interface Flock {
  l_type: number;
  l_whence: number;
  l_start: number;
  l_len: number;
  l_pid: number;
}

type Fcntl = (fd: number, command: number, lock: Flock) => number;

let loaded: Fcntl | null = null;

function fcntl(): Fcntl {
  if (loaded !== null) return loaded;
  if (process.platform !== 'linux') {
    throw new SitepairError({
      code: 'store-unsuitable',
      message: `Group locks are made for Linux so far, not for ${process.platform}.`,
      remedy: 'Run Sitepair on a Linux machine that reaches both sites.',
    });
  }
  const libc = koffi.load(null);
  const flock = koffi.struct('sitepair_flock', {
    l_type: 'short',
    l_whence: 'short',
    l_start: 'int64',
    l_len: 'int64',
    l_pid: 'int',
  });
  const variadic = libc.func('int fcntl(int fd, int cmd, ...)');
  const pointer = koffi.inout(koffi.pointer(flock));
  loaded = (fd, command, lock): number => Number(variadic(fd, command, pointer, lock));
  return loaded;
}

function request(type: number): Flock {
  return { l_type: type, l_whence: 0, l_start: 0, l_len: 0, l_pid: 0 };
}

/** What is said where a lock is held. */
export interface HeldWords {
  /** Goes before who holds it. */
  held: string;
  remedy: string;
}

const groupHeld: HeldWords = {
  held: 'The group is held by',
  remedy: 'Wait for that run to end, or stop it there; then try again.',
};

function busy(file: string, words: HeldWords): SitepairError {
  let holder = 'another process';
  try {
    holder = fs.readFileSync(file, 'utf8').trim() || holder;
  } catch {
    // Who holds it is a courtesy; that it is held is what counts.
  }
  return new SitepairError({
    code: 'busy',
    message: `${words.held} ${holder}.`,
    where: file,
    remedy: words.remedy,
  });
}

export class FolderLock {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Takes the lock at once or throws `busy`. `what` says in a few words what it is held for. */
  static take(folder: string, what: string, name = lockName, words = groupHeld): FolderLock {
    const file = path.join(folder, name);
    let fd: number;
    try {
      fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    } catch (error) {
      throw new SitepairError(
        {
          code: 'permission-denied',
          message: `The lock of the group cannot be taken in ${folder}: ${error instanceof Error ? error.message : String(error)}.`,
          where: file,
          remedy: 'Make the store writable for this user, then try again.',
        },
        { cause: error },
      );
    }
    if (fcntl()(fd, setLock, request(writeLock)) !== 0) {
      fs.closeSync(fd);
      throw busy(file, words);
    }
    const held = Buffer.from(
      `process ${process.pid} on ${os.hostname()} (${what}, since ${new Date().toISOString()})\n`,
    );
    try {
      fs.ftruncateSync(fd, 0);
      fs.writeSync(fd, held, 0, held.length, 0);
    } catch {
      // A full or read-only store must not keep a rollback from starting: the lock itself is held.
    }
    return new FolderLock(fd);
  }

  /** Who holds the lock, in words; null where nobody does. Takes nothing. */
  static holder(folder: string, name = lockName): string | null {
    const file = path.join(folder, name);
    if (!fs.existsSync(file)) return null;
    const fd = fs.openSync(file, fs.constants.O_RDWR);
    try {
      const answer = request(writeLock);
      fcntl()(fd, getLock, answer);
      return answer.l_type === unlocked ? null : fs.readFileSync(file, 'utf8').trim() || 'another process';
    } finally {
      fs.closeSync(fd);
    }
  }

  release(): void {
    fs.closeSync(this.#fd);
  }
}
