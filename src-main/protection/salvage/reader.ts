/**
 * Reads a salvage file, believing nothing: every length is held against what it may be before any memory is taken, and
 * every content against its digest before it is handed out.
 */
import fs from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { SitepairError } from '../../contract/errors.ts';
import { zeroDigest } from '../../engine/scan.ts';
import { digestBytes, intact } from '../../store/checksum.ts';
import { reasonOf } from '../errors.ts';
import {
  decodeEnd,
  decodeHead,
  decodeHeadFixed,
  decodeRecord,
  endBytes,
  headFixedBytes,
  mostHeadBytes,
  recordBytes,
  salvageFormat,
  type SalvageHead,
  type SalvageRecord,
} from './format.ts';

/** A record and its content, which is valid until the next one is asked for; null: all zeros. */
export interface SavedChunk extends SalvageRecord {
  content: Buffer | null;
}

export class SalvageFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly head: SalvageHead;
  readonly #fd: number;
  readonly #firstRecord: number;

  private constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
    this.sizeBytes = fs.fstatSync(fd).size;
    const fixed = decodeHeadFixed(this.#read(0, headFixedBytes, new Blake3Hasher()));
    if (fixed === null) throw this.#damaged(0, 'it does not begin as a salvage file does');
    if (fixed.format > salvageFormat) throw tooNew(path);
    if (fixed.textBytes > mostHeadBytes) throw this.#damaged(0, 'its head is longer than any');
    this.#firstRecord = headFixedBytes + fixed.textBytes + digestBytes;
    const head = decodeHead(this.#read(0, this.#firstRecord, new Blake3Hasher()));
    if (head === null) throw this.#damaged(0, 'its head does not match its digest');
    this.head = head;
  }

  /** Opens a file and reads its head. Throws `salvage-damaged`, `format-too-new`, `invalid-input`. */
  static open(path: string): SalvageFile {
    let fd;
    try {
      fd = fs.openSync(path, 'r');
      if (!fs.fstatSync(fd).isFile()) throw new Error('it is no file');
    } catch (error) {
      if (fd !== undefined) fs.closeSync(fd);
      throw new SitepairError(
        {
          code: 'invalid-input',
          message: `${path} cannot be read: ${reasonOf(error)}.`,
          where: path,
          remedy: 'Give a file that compare has made with --salvage.',
        },
        { cause: error },
      );
    }
    try {
      return new SalvageFile(path, fd);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  /**
   * All chunks, in the order of pairs and offsets, each verified; after the last the file as a whole. Throws
   * `salvage-damaged` with where.
   */
  *chunks(): Generator<SavedChunk> {
    const { chunkSizeBytes, pairs } = this.head;
    const sizes = new Map(pairs.map((pair) => [pair.number, pair.sizeBytes]));
    const hasher = new Blake3Hasher();
    this.#read(0, this.#firstRecord, hasher);
    const last = this.sizeBytes - endBytes;
    const upTo = { pair: -1, offset: 0 };
    let [at, records, bytes] = [this.#firstRecord, 0, 0];
    while (at < last) {
      const record = at + recordBytes > last ? null : decodeRecord(this.#read(at, recordBytes, hasher));
      if (record === null) throw this.#damaged(at, 'a record does not match its digest');
      const { pair, offset, length } = record;
      const ascends = pair > upTo.pair || (pair === upTo.pair && offset >= upTo.offset);
      const fits = length > 0 && length <= chunkSizeBytes && offset + length <= (sizes.get(pair) ?? 0);
      if (!ascends || !fits) throw this.#damaged(at, 'a record says what no volume of it can hold');
      upTo.pair = pair;
      upTo.offset = offset + length;
      const content = record.zero ? null : this.#content(at + recordBytes, record, last, hasher);
      if (record.zero && !record.digest.equals(zeroDigest(length))) {
        throw this.#damaged(at, 'zeros do not match their digest');
      }
      yield { ...record, content };
      at += recordBytes + (content?.length ?? 0);
      records += 1;
      bytes += length;
    }
    const end = at === last ? decodeEnd(this.#read(last, endBytes, new Blake3Hasher())) : null;
    if (end === null) throw this.#damaged(Math.max(0, last), 'its end is missing or damaged');
    if (end.records !== records || end.bytes !== bytes || !end.whole.equals(hasher.digestBuffer())) {
      throw this.#damaged(last, 'as a whole it is not what was written');
    }
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  #content(at: number, { length, digest }: SalvageRecord, last: number, hasher: Blake3Hasher): Buffer {
    if (at + length > last) throw this.#damaged(at, 'it ends within a chunk');
    const content = this.#read(at, length, hasher);
    if (!intact(content, digest)) throw this.#damaged(at, 'a chunk does not match its digest');
    return content;
  }

  #read(at: number, length: number, hasher: Blake3Hasher): Buffer {
    if (at < 0 || at + length > this.sizeBytes) throw this.#damaged(Math.max(0, at), 'it is cut off');
    const part = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const got = fs.readSync(this.#fd, part, done, length - done, at + done);
      if (got === 0) throw this.#damaged(at + done, 'it was cut off while it was read');
      done += got;
    }
    hasher.update(part);
    return part;
  }

  #damaged(at: number, detail: string): SitepairError {
    return new SitepairError({
      code: 'salvage-damaged',
      message: `The salvage file ${this.path} is damaged at byte ${at}: ${detail}.`,
      where: `${this.path}, byte ${at}`,
      remedy:
        'Take another copy of it; while both sides still hold what they held, compare with --salvage makes a new one.',
    });
  }
}

function tooNew(path: string): SitepairError {
  return new SitepairError({
    code: 'format-too-new',
    message: `The salvage file ${path} was written by a newer Sitepair.`,
    where: path,
    remedy: 'Update Sitepair on this machine to the version that wrote it.',
  });
}
