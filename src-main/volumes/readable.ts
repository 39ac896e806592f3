/**
 * Reading what a failing device still gives, in pieces that become smaller where they fail, so that as little as
 * possible is lost. Nothing is tried for ever: each sector is asked for with its chunk, with its block and alone. As a
 * volume tries what failed once more past the page cache, a bad block of 4 KiB costs the device about 20 reads.
 */
import { SitepairError } from '../contract/errors.ts';
import { VolumeError } from './volume-error.ts';
import type { ByteRange, VolumeHandle } from './volume.ts';

/** The sizes in which it is tried again, bytes: a page, and the smallest sector that disks have. */
const pieces = [4096, 512] as const;

/** Whether a medium would not give a range, while its volume is still there. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof SitepairError && error.report.code === 'read-failed';
}

/** The block that a read of a range stumbled over, as its error names it, bytes; else the whole range. */
export function failedBlock(error: unknown, { start, end }: ByteRange): ByteRange {
  const named = error instanceof VolumeError ? error.range : null;
  const block = { start: Math.max(start, named?.start ?? start), end: Math.min(end, named?.end ?? end) };
  return block.start < block.end ? block : { start, end };
}

/**
 * Fills `buffer` from `offset` (bytes) where the volume can be read, and gives the ranges of the volume that cannot,
 * neighbours joined; what the buffer holds there is of no use. `between` is called before each piece, and throws to
 * stop. Throws what the volume throws but for `read-failed`.
 */
export function readAround(volume: VolumeHandle, buffer: Buffer, offset: number, between: () => void): ByteRange[] {
  const unread: ByteRange[] = [];
  readPieces({ volume, buffer, offset, between, unread }, { start: offset, end: offset + buffer.length }, pieces);
  return unread;
}

interface Reading {
  volume: VolumeHandle;
  buffer: Buffer;
  offset: number;
  between: () => void;
  unread: ByteRange[];
}

function readPieces(reading: Reading, range: ByteRange, [size, ...smaller]: readonly number[]): void {
  const { volume, buffer, offset, between, unread } = reading;
  if (size === undefined) {
    const last = unread.at(-1);
    if (last?.end === range.start) last.end = range.end;
    else unread.push({ ...range });
    return;
  }
  for (let start = range.start; start < range.end;) {
    const end = Math.min(range.end, start - (start % size) + size);
    between();
    try {
      volume.read(buffer.subarray(start - offset, end - offset), start);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      readPieces(reading, { start, end }, smaller);
    }
    start = end;
  }
}
