/**
 * What open files and block devices have in common: a descriptor, positional reads and writes of whole buffers, a flush
 * whose error stays. The descriptor is opened with O_CLOEXEC (Node opens all of its own so), so hooks never inherit it.
 */
import { closeSync, fdatasyncSync, readSync, writeSync } from 'node:fs';
import type { SitepairError } from '../../contract/errors.ts';
import type { ByteRange, OpenMode, VolumeHandle, VolumeKind } from '../volume.ts';
import { volumeCallFailed, volumeChanged, volumeLost, volumeReadOnly } from '../volume-error.ts';
import { DirectAhead } from './direct-ahead.ts';
import { readSomeCarefully, readSomeDirectly } from './direct-read.ts';
import { adviseWillNeed, startWriteOut } from './syscalls.ts';
import { flushFault, isMediumFault, readFault, writeFault } from './system-error.ts';
import { type Faults, moveAll, type Mover } from './transfer.ts';

const closed = -1;

const reader: Mover = { some: readSync, carefully: readSomeCarefully, recovers: true };
const directReader: Mover = { some: readSomeDirectly, carefully: readSomeCarefully, recovers: true };
const writer: Mover = { some: writeSync, carefully: writeSync, recovers: false };

/**
 * What is read faster than this comes from the page cache, bytes a millisecond: then the next range may be there too,
 * and to ask for it would cost a good part of what reading it does.
 */
const cachedBytesPerMillisecond = 5e6;

/** A descriptor with what it was opened for. */
export interface Opened {
  fd: number;
  path: string;
  mode: OpenMode;
  /** Whether it was opened with O_DIRECT. */
  direct: boolean;
  /** Bytes. */
  sizeBytes: number;
}

/** An open file or block device. */
export abstract class OpenVolume implements VolumeHandle {
  readonly path: string;
  readonly sizeBytes: number;
  abstract readonly kind: VolumeKind;
  readonly #writable: boolean;
  readonly #reader: Mover;
  /** Only of what is read past the page cache: else the system reads ahead. */
  readonly #ahead: DirectAhead | null;
  readonly #reading: Faults;
  readonly #writing: Faults;
  #fd: number;
  /** What was read since the last prefetch, bytes, and how long that took, milliseconds. */
  #bytesRead = 0;
  #readFor = 0;
  #flushError: SitepairError | null = null;
  /** Between which bytes all lies that was written since the last flush. */
  #unflushed: ByteRange | null = null;

  constructor(opened: Opened) {
    this.#fd = opened.fd;
    this.path = opened.path;
    this.sizeBytes = opened.sizeBytes;
    this.#writable = opened.mode === 'write' || opened.mode === 'write-exclusive';
    this.#reader = opened.direct ? directReader : reader;
    this.#ahead = opened.direct ? new DirectAhead() : null;
    this.#reading = {
      failed: (cause, range) => this.#lostMeanwhile(cause) ?? readFault(cause, this.path, this.#within(range)),
      ended: (range) => this.#ended(range),
    };
    this.#writing = {
      failed: (cause, range) => this.#lostMeanwhile(cause) ?? writeFault(cause, this.path, this.#within(range)),
      ended: (range) => this.#ended(range),
    };
  }

  /** Bytes, measured now; 0 for a device without a medium. Throws Node's error where the volume is gone. */
  protected abstract presentSize(fd: number): number;
  abstract punch(range: ByteRange): void;
  abstract nextData(from: number, to: number): ByteRange | null;

  read(buffer: Buffer, offset: number): void {
    if (this.#ahead?.fill(this.descriptor(), buffer, offset) === true) return;
    const began = performance.now();
    moveAll(this.#reader, this.descriptor(), buffer, offset, this.#reading);
    this.#readFor += performance.now() - began;
    this.#bytesRead += buffer.length;
  }

  write(buffer: Buffer, offset: number): void {
    const fd = this.writableDescriptor();
    const end = offset + buffer.length;
    if (end > this.sizeBytes) throw volumeChanged(this.path, { start: offset, end }, this.sizeBytes);
    const { start, end: last } = this.#unflushed ?? { start: offset, end };
    this.#unflushed = { start: Math.min(start, offset), end: Math.max(last, end) };
    moveAll(writer, fd, buffer, offset, this.#writing);
    // So that the flush that will come has little left to wait for.
    startWriteOut(fd, offset, buffer.length);
  }

  flush(): void {
    if (this.#flushError !== null) throw this.#flushError;
    const fd = this.descriptor();
    try {
      fdatasyncSync(fd);
    } catch (cause) {
      this.#flushError = flushFault(cause, this.path, this.#unflushed);
      throw this.#flushError;
    }
    this.#unflushed = null;
  }

  prefetch(range: ByteRange): void {
    const length = range.end - range.start;
    const cached = this.#bytesRead > this.#readFor * cachedBytesPerMillisecond;
    this.#bytesRead = 0;
    this.#readFor = 0;
    if (this.#ahead !== null) this.#ahead.expect(range);
    // A length of 0 would mean "to the end".
    else if (this.#fd !== closed && length > 0 && !cached) adviseWillNeed(this.#fd, range.start, length);
  }

  close(): void {
    if (this.#fd === closed) return;
    this.#ahead?.forget();
    const fd = this.#fd;
    this.#fd = closed;
    try {
      closeSync(fd);
    } catch {
      // The descriptor is free either way, and only flush promises that writes are durable.
    }
  }

  /** The descriptor. Throws once closed: its number may by then be another file's. */
  protected descriptor(): number {
    if (this.#fd === closed) throw volumeCallFailed(this.path, { text: 'it was used after it had been closed' });
    return this.#fd;
  }

  /** The descriptor of a volume opened for writing; throws `volume-read-only` otherwise. */
  protected writableDescriptor(): number {
    const fd = this.descriptor();
    if (!this.#writable) throw volumeReadOnly(this.path, { text: 'it was opened for reading' });
    return fd;
  }

  /** The error for a volume whose end is now before that of `range`, or null where it is long enough. */
  protected shrunk(range: ByteRange): SitepairError | null {
    const size = this.#sizeOrNull();
    if (size === null) return volumeLost(this.path, { text: 'it is not there any more' });
    return size < range.end ? volumeChanged(this.path, range, size) : null;
  }

  #ended(range: ByteRange): SitepairError {
    return this.shrunk(range) ?? volumeChanged(this.path, range, range.start);
  }

  /** An i/o error may be a bad block, or all that is left of a volume that is gone. */
  #lostMeanwhile(cause: unknown): SitepairError | null {
    if (!isMediumFault(cause) || this.#sizeOrNull() !== null) return null;
    return volumeLost(this.path, { text: 'it is not there any more', cause });
  }

  #sizeOrNull(): number | null {
    try {
      const size = this.presentSize(this.descriptor());
      return size === 0 && this.kind === 'block-device' ? null : size;
    } catch {
      return null;
    }
  }

  #within(range: ByteRange): ByteRange {
    return { start: range.start, end: Math.max(range.start, Math.min(range.end, this.sizeBytes)) };
  }
}
