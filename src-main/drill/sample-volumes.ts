/**
 * The volumes of a drill, and what production writes to them: a plain file full of data, a sparse image with a few
 * islands of it, and a raw image that holds a real ext4 file system where this machine can make one.
 */
import { randomFillSync, randomInt } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import { checkExt4, makeExt4, writeIntoExt4 } from './ext4-image.ts';

export interface SampleVolume {
  readonly name: string;
  /** Makes the volume at `file`. Resolves to what it is, in a few words. */
  make(file: string): Promise<string>;
  /** Writes to it as production would, at places that differ each time. Resolves to the bytes written. */
  write(file: string): Promise<number>;
  /** What a check of its content by other means says: sound or not; null where there is no such means. */
  check(file: string): Promise<boolean | null>;
}

/** Bytes of the pages that production writes here and there. */
const pageBytes = 4096;
const scatteredPages = 12;
const fillBytes = 4 << 20;

/** The three volumes, each of `size` bytes. `leftOut` is told what this machine cannot do. */
export function sampleVolumes(size: number, leftOut: (sentence: string) => void): SampleVolume[] {
  return [new PlainFile(size), new SparseImage(size), new FileSystemImage(size, leftOut)];
}

class PlainFile implements SampleVolume {
  readonly name = 'orders.raw';
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  async make(file: string): Promise<string> {
    await opened(file, 'wx+', (handle) => fill(handle, 0, this.#size));
    return 'plain';
  }

  async write(file: string): Promise<number> {
    return opened(file, 'r+', async (handle) => {
      const run = Math.floor(this.#size / 64);
      await fill(handle, randomInt(this.#size - run), run);
      for (let n = 0; n < scatteredPages; n += 1) await fill(handle, randomPage(0, this.#size), pageBytes);
      return run + scatteredPages * pageBytes;
    });
  }

  check(): Promise<null> {
    return Promise.resolve(null);
  }
}

class SparseImage implements SampleVolume {
  readonly name = 'archive.img';
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  async make(file: string): Promise<string> {
    await opened(file, 'wx+', async (handle) => {
      await handle.truncate(this.#size);
      for (const start of this.#islands()) await fill(handle, start, this.#islandBytes);
    });
    return 'sparse';
  }

  /** A few pages within an island, and new data where there was a hole. */
  async write(file: string): Promise<number> {
    return opened(file, 'r+', async (handle) => {
      const [first = 0, second = 0] = this.#islands();
      const fresh = Math.floor(this.#size / 128);
      await fill(handle, randomPage(first + this.#islandBytes, second - fresh), fresh);
      for (let n = 0; n < scatteredPages; n += 1) {
        await fill(handle, randomPage(second, second + this.#islandBytes), pageBytes);
      }
      return fresh + scatteredPages * pageBytes;
    });
  }

  check(): Promise<null> {
    return Promise.resolve(null);
  }

  get #islandBytes(): number {
    return Math.floor(this.#size / 24);
  }

  /** Where the data begins: after a hole, in the middle, and before a hole at the end. */
  #islands(): number[] {
    return [1, 4, 6].map((eighth) => Math.floor((this.#size * eighth) / 8));
  }
}

class FileSystemImage implements SampleVolume {
  readonly name = 'files.img';
  readonly #size: number;
  readonly #leftOut: (sentence: string) => void;
  /** What stands in where no file system can be made. */
  readonly #plain: PlainFile;
  #isExt4 = false;
  #files = 0;

  constructor(size: number, leftOut: (sentence: string) => void) {
    this.#size = size;
    this.#leftOut = leftOut;
    this.#plain = new PlainFile(size);
  }

  async make(file: string): Promise<string> {
    const content = `${file}.content`;
    await fs.mkdir(content);
    for (let n = 0; n < 8; n += 1) await this.#report(content);
    await opened(file, 'wx+', (handle) => handle.truncate(this.#size));
    const why = await makeExt4(file, content);
    await fs.rm(content, { recursive: true });
    this.#isExt4 = why === null;
    if (why === null) return 'ext4';
    await fs.rm(file);
    await this.#plain.make(file);
    this.#leftOut(`The file system in ${this.name} is left out: ${why}.`);
    return 'raw';
  }

  /** A new file in the file system. Throws `write-failed`. */
  async write(file: string): Promise<number> {
    if (!this.#isExt4) return this.#plain.write(file);
    const { name, bytes } = await this.#report(path.dirname(file));
    const source = path.join(path.dirname(file), name);
    const refused = await writeIntoExt4(file, source, name);
    await fs.rm(source);
    if (refused === null) return bytes;
    throw new SitepairError({
      code: 'write-failed',
      message: `A file could not be written into the file system in ${file}: ${refused}`,
      where: file,
      remedy: 'Look at the file system with e2fsck -f -n.',
    });
  }

  check(file: string): Promise<boolean | null> {
    return this.#isExt4 ? checkExt4(file) : Promise.resolve(null);
  }

  /** Makes a new file that production would write into the file system. */
  async #report(folder: string): Promise<{ name: string; bytes: number }> {
    this.#files += 1;
    const name = `report-${this.#files}.bin`;
    const bytes = Math.floor(this.#size / 64);
    await opened(path.join(folder, name), 'wx+', (handle) => fill(handle, 0, bytes));
    return { name, bytes };
  }
}

async function opened<T>(file: string, flags: string, work: (handle: fs.FileHandle) => Promise<T>): Promise<T> {
  const handle = await fs.open(file, flags);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Writes random bytes from `start` on. */
async function fill(handle: fs.FileHandle, start: number, length: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(length, fillBytes));
  for (let at = 0; at < length; at += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, length - at));
    await handle.write(randomFillSync(part), 0, part.length, start + at);
  }
}

/** The offset of a random page within [from, to). */
function randomPage(from: number, to: number): number {
  const first = Math.ceil(from / pageBytes);
  return randomInt(first, Math.max(first + 1, Math.floor(to / pageBytes))) * pageBytes;
}
