/**
 * Moving all bytes of a buffer, whatever the kernel moves at a time. A short count is how an error arrives: only the
 * next call at that offset says what it is. And a call that fails may fail for a block further on, or for the whole
 * folio of the page cache that a bad block lies in, so what is left is then moved block by block, with care, until the
 * block that is bad is known.
 */
import { isInterruption, isMediumFault } from './system-error.ts';
import type { ByteRange } from '../volume.ts';

/** What a failing block is named by, bytes: a page. */
export const blockBytes = 4096;

/** Both ways to move bytes in one direction. */
export interface Mover {
  some: MoveSome;
  /** The same for a block or less, as near to the medium as can be. */
  carefully: MoveSome;
  /**
   * Whether smaller calls that go well make good a call that failed. So it is with reads; a write that failed once is
   * never taken for one that went well (it may have been a fault that passes, and what else it lost is unknown).
   */
  recovers: boolean;
}

/** Moves up to `length` bytes between `buffer` at `at` and the volume at `position`; gives the count, as readSync. */
export type MoveSome = (fd: number, buffer: Buffer, at: number, length: number, position: number) => number;

/** What the errors of one direction at one volume are. */
export interface Faults {
  /** The error for a call that failed in `range` (bytes). */
  failed(cause: unknown, range: ByteRange): Error;
  /** The error for a volume that took or gave nothing although `range` (bytes) was not done. */
  ended(range: ByteRange): Error;
}

/** Moves the whole buffer from or to `offset` (bytes). One call and no allocation where nothing goes wrong. */
export function moveAll(mover: Mover, fd: number, buffer: Buffer, offset: number, faults: Faults): void {
  const length = buffer.length;
  let done = 0;
  while (done < length) {
    let moved: number;
    try {
      moved = mover.some(fd, buffer, done, length - done, offset + done);
    } catch (cause) {
      if (isInterruption(cause)) continue;
      const left = { start: offset + done, end: offset + length };
      if (!isMediumFault(cause)) throw faults.failed(cause, left);
      moveBlocks(mover.carefully, fd, buffer, offset, done, faults);
      if (mover.recovers) return;
      throw faults.failed(cause, left);
    }
    if (moved === 0) throw faults.ended({ start: offset + done, end: offset + length });
    done += moved;
  }
}

function moveBlocks(some: MoveSome, fd: number, buffer: Buffer, offset: number, from: number, faults: Faults): void {
  let done = from;
  while (done < buffer.length) {
    const position = offset + done;
    const start = position - (position % blockBytes);
    const length = Math.min(buffer.length - done, start + blockBytes - position);
    let moved: number;
    try {
      moved = some(fd, buffer, done, length, position);
    } catch (cause) {
      if (isInterruption(cause)) continue;
      throw faults.failed(cause, { start, end: start + blockBytes });
    }
    if (moved === 0) throw faults.ended({ start: position, end: offset + buffer.length });
    done += moved;
  }
}
