/**
 * Making blocks of a replica readable again that its disk does not give: a sector that is written is one that the disk
 * can put another in the place of. What they held is lost with them, so that no journal claims to have it; all around
 * them keeps what it holds.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { ByteRange, VolumeHandle } from '../../volumes/volume.ts';
import { isUnreadable, readAround } from '../../volumes/readable.ts';

/** What disks write as a whole, and the page cache reads before it writes a part of it, bytes. */
const blockBytes = 4096;

function wholeBlocks(ranges: readonly ByteRange[], within: ByteRange): ByteRange[] {
  const blocks: ByteRange[] = [];
  for (const range of ranges) {
    const start = Math.max(within.start, range.start - (range.start % blockBytes));
    const end = Math.min(within.end, Math.ceil(range.end / blockBytes) * blockBytes);
    const last = blocks.at(-1);
    if (last !== undefined && last.end >= start) last.end = Math.max(last.end, end);
    else blocks.push({ start, end });
  }
  return blocks;
}

export interface Rewriting {
  volume: VolumeHandle;
  /** The same volume past the page cache, which would give back what was written whatever the disk made of it. */
  past: VolumeHandle;
  /** Where the chunk lies, bytes. */
  offset: number;
  /** What its unreadable sectors are to hold. */
  fresh: Buffer;
  /** Called before each piece that is read; throws to stop. */
  between: () => void;
  /** Called before the volume is written; throws where another installation took over. */
  fence: () => void;
  /** Told of each write: how much, bytes. */
  written: (bytes: number) => void;
}

/**
 * What a chunk holds, read with care: where sectors of it cannot be read, they are written with those of `fresh`, and
 * are durable when this returns. Null where the disk takes or gives nothing there even so. Throws what the volume
 * throws else.
 */
export function readOrRewrite({ volume, past, offset, fresh, between, fence, written }: Rewriting): Buffer | null {
  const held = Buffer.alloc(fresh.length);
  const within = { start: offset, end: offset + fresh.length };
  try {
    past.read(held, offset);
    return held;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const unread = readAround(past, held, offset, between);
  for (const { start, end } of unread) fresh.copy(held, start - offset, start - offset, end - offset);
  try {
    for (const { start, end } of wholeBlocks(unread, within)) {
      fence();
      volume.write(held.subarray(start - offset, end - offset), start);
      written(end - start);
    }
    volume.flush();
    past.read(Buffer.alloc(fresh.length), offset);
    return held;
  } catch (error) {
    if (isUnreadable(error) || (error instanceof SitepairError && error.report.code === 'write-failed')) return null;
    throw error;
  }
}
