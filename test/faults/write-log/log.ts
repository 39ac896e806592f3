/**
 * What was written to a disk, in order: its format, and the disks that a power cut can leave. What was written before a
 * flush that was answered is there; of what came after it each block is there or not, whatever the order (a disk may
 * write its cache back as it likes).
 */
import { readFileSync } from 'node:fs';

export interface LogRecord {
  /** Null for a flush. */
  write: { offset: number; data: Buffer } | null;
  /** The length of the log with this record, bytes. */
  end: number;
}

/** Blocks are kept or lost whole: a file system cannot stand less, and disks promise it. */
export const blockBytes = 4096;
const headerBytes = 16;

/** Offset and length, 8 bytes each, and the data; a flush has the length 0. */
export function writeRecord(offset: number, data: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeBigUInt64LE(BigInt(offset));
  header.writeBigUInt64LE(BigInt(data.length), 8);
  return Buffer.concat([header, data]);
}

export function flushRecord(): Buffer {
  return Buffer.alloc(headerBytes);
}

export function readLog(path: string): LogRecord[] {
  const log = readFileSync(path);
  const records: LogRecord[] = [];
  for (let at = 0; at < log.length;) {
    const offset = Number(log.readBigUInt64LE(at));
    const length = Number(log.readBigUInt64LE(at + 8));
    const from = at + headerBytes;
    at = from + length;
    records.push({ write: length === 0 ? null : { offset, data: log.subarray(from, at) }, end: at });
  }
  return records;
}

/**
 * Which of the blocks that were not flushed the disk keeps when its power is cut. `within`: which block it is of the
 * write in which that happens; null for those of earlier writes.
 */
export type Kept = (block: number, within: number | null) => boolean;

/** The disks that cuts leave, the cuts in ascending order. */
export class CutDisk {
  readonly #records: readonly LogRecord[];
  readonly #durable: Buffer;
  /** How many records are in the durable part. */
  #flushed = 0;

  constructor(records: readonly LogRecord[], sizeBytes: number) {
    this.#records = records;
    this.#durable = Buffer.alloc(sizeBytes);
  }

  /** The disk after a cut behind record `cut`. */
  after(cut: number, kept: Kept): Buffer {
    const upTo = this.#records.findLastIndex(({ write }, n) => n <= cut && write === null);
    for (; this.#flushed <= upTo; this.#flushed += 1) put(this.#durable, this.#records[this.#flushed]);
    const disk = Buffer.from(this.#durable);
    let block = 0;
    for (const [n, { write }] of this.#records.slice(this.#flushed, cut + 1).entries()) {
      if (write === null) continue;
      const isLast = this.#flushed + n === cut;
      const { offset, data } = write;
      for (let at = 0; at < data.length; at += blockBytes) {
        if (kept(block, isLast ? at / blockBytes : null)) {
          data.copy(disk, offset + at, at, Math.min(at + blockBytes, data.length));
        }
        block += 1;
      }
    }
    return disk;
  }
}

function put(disk: Buffer, record: LogRecord | undefined): void {
  if (record?.write) record.write.data.copy(disk, record.write.offset);
}
