/**
 * Reading ahead of who reads a volume past the page cache, as the system does not there: what is going to be read
 * anyway is asked for in larger pieces, so that a disk that has to seek, or that answers over a network, is asked less
 * often.
 */
import { readSync } from 'node:fs';
import type { ByteRange } from '../volume.ts';
import { newAlignedMemory } from './aligned-memory.ts';
import { blockBytes } from './transfer.ts';

/** What is asked for at once, bytes. */
const aheadBytes = 4 << 20;
/** What was read longer ago is read again, milliseconds: a run may have been paused meanwhile. */
const freshFor = 2000;

/** Memory of this thread that no volume holds at the moment. */
const free: Buffer[] = [];

export class DirectAhead {
  /** What is still going to be read, one after the other, bytes. */
  #expected: ByteRange | null = null;
  #memory: Buffer | null = null;
  /** What the memory holds, bytes. */
  #held: ByteRange = { start: 0, end: 0 };
  #heldSince = 0;

  /** The range, bytes, is going to be read from its begin to its end. */
  expect(range: ByteRange): void {
    this.forget();
    this.#expected = { ...range };
  }

  /**
   * Fills the buffer with what lies at `offset` (bytes); false where it has to be read as it is asked for, as nothing
   * was read ahead there, or that went wrong: whoever reads just this is told of just this.
   */
  fill(fd: number, buffer: Buffer, offset: number): boolean {
    const wanted = { start: offset, end: offset + buffer.length };
    if (this.#expected === null || !covers(this.#expected, wanted)) return false;
    if (!this.#holds(wanted) && !this.#readAhead(fd, wanted)) {
      this.forget();
      return false;
    }
    const at = offset - this.#held.start;
    this.#memory?.copy(buffer, 0, at, at + buffer.length);
    // What was read once is never given a second time.
    this.#expected.start = wanted.end;
    if (wanted.end >= this.#expected.end) this.forget();
    return true;
  }

  /** Nothing more is expected. */
  forget(): void {
    this.#expected = null;
    this.#held = { start: 0, end: 0 };
    if (this.#memory !== null) free.push(this.#memory);
    this.#memory = null;
  }

  #holds(wanted: ByteRange): boolean {
    return covers(this.#held, wanted) && performance.now() - this.#heldSince < freshFor;
  }

  #readAhead(fd: number, wanted: ByteRange): boolean {
    const start = wanted.start - (wanted.start % blockBytes);
    const left = Math.ceil(((this.#expected?.end ?? start) - start) / blockBytes) * blockBytes;
    const length = Math.min(left, aheadBytes);
    if (start + length < wanted.end) return false;
    this.#memory ??= free.pop() ?? newAlignedMemory(aheadBytes);
    this.#heldSince = performance.now();
    try {
      this.#held = { start, end: start + readSync(fd, this.#memory, 0, length, start) };
    } catch {
      return false;
    }
    return covers(this.#held, wanted);
  }
}

function covers(outer: ByteRange, inner: ByteRange): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
