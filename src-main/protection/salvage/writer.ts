/**
 * Writes a salvage file. Nothing lies under its name before all of it is durable: it is written beside it under a name
 * of its own, flushed, and renamed. Readable by its owner only, as it holds production data.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { SitepairError } from '../../contract/errors.ts';
import { describeBytes } from '../../contract/wording.ts';
import { zeroDigest } from '../../engine/scan.ts';
import { errorCode } from '../../error-code.ts';
import { digest } from '../../store/checksum.ts';
import { reasonOf } from '../errors.ts';
import { encodeEnd, encodeHead, encodeRecord, endBytes, recordBytes, type SalvageHead } from './format.ts';

/** The most that a file with so many chunks of so many bytes takes, bytes. */
export function salvageBytes(head: SalvageHead, { chunks, bytes }: { chunks: number; bytes: number }): number {
  return encodeHead(head).length + chunks * recordBytes + bytes + endBytes;
}

/** Throws `no-space` where the file system of `file` has less room than `wanted` bytes. */
export function assertRoom(file: string, wanted: number): void {
  const { bavail, bsize } = fs.statfsSync(path.dirname(file));
  if (bavail * bsize >= wanted) return;
  throw new SitepairError({
    code: 'no-space',
    message: `${file} needs ${describeBytes(wanted)}, and its file system has ${describeBytes(bavail * bsize)} left; nothing was saved.`,
    where: file,
    remedy: 'Free space there, or give a file on another file system.',
  });
}

export class SalvageWriter {
  readonly #file: string;
  readonly #partial: string;
  readonly #fd: number;
  readonly #hasher = new Blake3Hasher();
  #closed = false;
  #at = 0;
  #records = 0;
  #bytes = 0;

  /** Throws where the file cannot be made. */
  constructor(file: string, head: SalvageHead) {
    this.#file = file;
    this.#partial = `${file}.${process.pid}.partial`;
    this.#fd = this.#do(() => fs.openSync(this.#partial, 'wx', 0o600));
    try {
      this.#append(encodeHead(head));
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Adds one chunk; they come ascending by pair, then offset. Offset in bytes. */
  add(pair: number, offset: number, content: Buffer): void {
    const held = digest(content);
    const zero = held.equals(zeroDigest(content.length));
    this.#append(encodeRecord({ pair, offset, length: content.length, zero, digest: held }));
    if (!zero) this.#append(content);
    this.#records += 1;
    this.#bytes += content.length;
  }

  /** Makes it durable under its name. Throws where something has come to lie there meanwhile. */
  finish(): { fileBytes: number; digest: string } {
    const whole = this.#hasher.digestBuffer();
    const end = encodeEnd({ records: this.#records, bytes: this.#bytes, whole });
    this.#do(() => {
      this.#write(end);
      fs.fsyncSync(this.#fd);
      this.#close();
      if (fs.existsSync(this.#file)) throw new Error('something has come to lie there meanwhile');
      fs.renameSync(this.#partial, this.#file);
      const folder = fs.openSync(path.dirname(this.#file), 'r');
      fs.fsyncSync(folder);
      fs.closeSync(folder);
    });
    return { fileBytes: this.#at, digest: whole.toString('hex') };
  }

  /** Leaves nothing behind. */
  abandon(): void {
    this.#close();
    fs.rmSync(this.#partial, { force: true });
  }

  /** Once: the number may be that of another thread's file by then. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#fd);
  }

  #append(part: Buffer): void {
    this.#hasher.update(part);
    this.#do(() => {
      this.#write(part);
    });
  }

  #write(part: Buffer): void {
    for (let done = 0; done < part.length;) {
      done += fs.writeSync(this.#fd, part, done, part.length - done, this.#at + done);
    }
    this.#at += part.length;
  }

  #do<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw writeError(this.#file, error);
    }
  }
}

function writeError(file: string, error: unknown): SitepairError {
  const full = ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
  return new SitepairError(
    {
      code: full ? 'no-space' : 'write-failed',
      message: full
        ? `The file system of ${file} is full; nothing was saved.`
        : `${file} cannot be written: ${reasonOf(error)}; nothing was saved.`,
      where: file,
      remedy: 'Give a new file in a folder that this user may write to and that has room, then compare again.',
    },
    { cause: error },
  );
}
