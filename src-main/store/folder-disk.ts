/**
 * The real Disk: one directory. Directory 0700, files 0600, as journals hold production data. Errors of the system
 * become SitepairErrors that name the file.
 */
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import { errorCode } from '../error-code.ts';
import { directBlockBytes, openForDirectWrites, writeDirectly } from '../volumes/linux/direct-write.ts';
import type { Disk, DiskFile } from './disk.ts';
import { pinName } from './file-names.ts';
import { FolderLock } from './lock.ts';
import { storeAnew } from './ways-out.ts';

function storeError(error: unknown, doing: 'read' | 'written' | 'flushed', where: string): SitepairError {
  if (error instanceof SitepairError) return error;
  const code = errorCode(error) ?? String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SitepairError(
      {
        code: 'no-space',
        message: `The store has no space left to write ${where}.`,
        where,
        remedy:
          'Free space on the file system of the store, then start again; where a cycle is left open, resume or roll back.',
      },
      { cause: error },
    );
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new SitepairError(
      {
        code: code === 'EROFS' ? 'volume-read-only' : 'permission-denied',
        message: `The store file ${where} cannot be ${doing}: ${code === 'EROFS' ? 'its file system is read-only' : 'permission is missing'}.`,
        where,
        remedy: 'Make the store writable for this user, or run it as the user who may write it, then try again.',
      },
      { cause: error },
    );
  }
  if (code === 'ENOENT' || code === 'ENOTCONN' || code === 'ESTALE' || code === 'EINVAL') {
    return new SitepairError(
      {
        code: 'store-unread',
        message: `The store file ${where} cannot be reached (${code}).`,
        where,
        remedy: 'Mount the file system of the store again, then try again.',
      },
      { cause: error },
    );
  }
  const failed = { read: 'read-failed', written: 'write-failed', flushed: 'flush-failed' } as const;
  return new SitepairError(
    {
      code: failed[doing],
      message: `The store file ${where} could not be ${doing} (${code}).`,
      where,
      remedy: 'Look at the disk under the store; what was complete stays complete, and group show says how to go on.',
    },
    { cause: error },
  );
}

/** Smaller writes gain nothing from going past the page cache, bytes. */
const leastDirectBytes = 128 << 10;

class FolderFile implements DiskFile {
  readonly name: string;
  readonly #path: string;
  readonly #fd: number;
  /** A descriptor that writes past the page cache; undefined before it is first wanted, null where there is none. */
  #direct: number | null | undefined;
  #flushFailure: SitepairError | null = null;

  constructor(name: string, filePath: string, fd: number) {
    this.name = name;
    this.#path = filePath;
    this.#fd = fd;
  }

  size(): number {
    try {
      return fs.fstatSync(this.#fd).size;
    } catch (error) {
      throw storeError(error, 'read', this.#path);
    }
  }

  read(buffer: Buffer, offset: number): void {
    let done = 0;
    while (done < buffer.length) {
      let count: number;
      try {
        count = fs.readSync(this.#fd, buffer, done, buffer.length - done, offset + done);
      } catch (error) {
        throw storeError(error, 'read', this.#path);
      }
      if (count === 0) {
        throw new SitepairError({
          code: 'store-damaged',
          message: `The store file ${this.#path} ends at byte ${offset + done}, before what it should hold.`,
          where: this.#path,
          remedy: 'Roll back if a cycle is open, else verify the group; the other points are not affected.',
        });
      }
      done += count;
    }
  }

  write(buffer: Buffer, offset: number): void {
    if (this.#wroteDirectly(buffer, offset)) return;
    let done = 0;
    while (done < buffer.length) {
      try {
        done += fs.writeSync(this.#fd, buffer, done, buffer.length - done, offset + done);
      } catch (error) {
        throw storeError(error, 'written', this.#path);
      }
    }
  }

  flush(): void {
    if (this.#flushFailure !== null) throw this.#flushFailure;
    try {
      fs.fdatasyncSync(this.#fd);
    } catch (error) {
      this.#flushFailure = storeError(error, 'flushed', this.#path);
      throw this.#flushFailure;
    }
  }

  close(): void {
    if (typeof this.#direct === 'number') fs.closeSync(this.#direct);
    fs.closeSync(this.#fd);
  }

  /** Segments of journals go past the page cache, where the file system can. */
  #wroteDirectly(buffer: Buffer, offset: number): boolean {
    if (buffer.length < leastDirectBytes || buffer.length % directBlockBytes !== 0) return false;
    if (offset % directBlockBytes !== 0) return false;
    try {
      if (this.#direct === undefined) this.#direct = openForDirectWrites(this.#path);
      return this.#direct !== null && writeDirectly(this.#direct, buffer, offset);
    } catch (error) {
      throw storeError(error, 'written', this.#path);
    }
  }
}

export class FolderDisk implements Disk {
  readonly path: string;

  constructor(directory: string) {
    this.path = directory;
  }

  create(name: string, sizeBytes: number): DiskFile {
    const filePath = path.join(this.path, name);
    let file: FolderFile;
    try {
      file = new FolderFile(name, filePath, fs.openSync(filePath, 'wx+', 0o600));
    } catch (error) {
      throw storeError(error, 'written', filePath);
    }
    const zeros = Buffer.alloc(Math.min(sizeBytes, 1 << 20));
    try {
      for (let offset = 0; offset < sizeBytes; offset += zeros.length) {
        file.write(zeros.subarray(0, Math.min(zeros.length, sizeBytes - offset)), offset);
      }
    } catch (error) {
      file.close();
      fs.rmSync(filePath, { force: true });
      throw error;
    }
    return file;
  }

  open(name: string): DiskFile {
    const filePath = path.join(this.path, name);
    try {
      return new FolderFile(name, filePath, fs.openSync(filePath, 'r+'));
    } catch (error) {
      // Where the folder itself is gone, it is perhaps not mounted; a file that is missing in it was lost.
      if (errorCode(error) === 'ENOENT' && fs.existsSync(this.path)) {
        throw new SitepairError(
          {
            code: 'store-damaged',
            message: `The store file ${filePath} is missing.`,
            where: filePath,
            remedy: storeAnew,
          },
          { cause: error },
        );
      }
      throw storeError(error, 'read', filePath);
    }
  }

  /** What this user may not look at, or a disk that gives errors, does not say that nothing is there. */
  exists(name: string): boolean {
    const filePath = path.join(this.path, name);
    try {
      fs.statSync(filePath);
      return true;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
      throw storeError(error, 'read', filePath);
    }
  }

  list(): string[] {
    try {
      return fs.readdirSync(this.path);
    } catch (error) {
      throw storeError(error, 'read', this.path);
    }
  }

  remove(name: string): void {
    try {
      fs.rmSync(path.join(this.path, name), { force: true });
    } catch (error) {
      throw storeError(error, 'written', path.join(this.path, name));
    }
  }

  flushNames(): void {
    try {
      const fd = fs.openSync(this.path, 'r');
      try {
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      throw storeError(error, 'flushed', this.path);
    }
  }

  isPinned(): boolean {
    try {
      return FolderLock.holder(this.path, pinName) !== null;
    } catch (error) {
      throw storeError(error, 'read', path.join(this.path, pinName));
    }
  }
}
