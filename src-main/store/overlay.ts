/** Content of a chunk as it would be with journalled content put back: what is checked before anything is written. */
import { failedBlock, isUnreadable } from '../volumes/readable.ts';
import type { ByteRange } from '../volumes/volume.ts';
import { digest } from './checksum.ts';
import type { ChunkHistory, Entry } from './journal-merge.ts';
import { chunkLength, type PairDefinition } from './record.ts';
import type { VolumeSet } from './volume-set.ts';

/** Copies a record's content into its chunk. */
export function putContent(chunk: Buffer, entry: Entry): void {
  const content = entry.journal.readContent(entry.place, entry.record);
  let at = 0;
  for (const { start, end } of entry.record.ranges) {
    content.copy(chunk, start, at, at + end - start);
    at += end - start;
  }
}

/** Reads one chunk of a volume into fresh memory. */
export function readChunk(volumes: VolumeSet, pair: PairDefinition, chunkSize: number, chunk: number): Buffer {
  const buffer = Buffer.alloc(chunkLength(pair.sizeBytes, chunkSize, chunk));
  volumes.get(pair.number).read(buffer, chunk * chunkSize);
  return buffer;
}

/**
 * As `readChunk`, for looks that can do without a chunk: null where its volume cannot be read, and `unread` is told of
 * the block that failed first, bytes.
 */
export function chunkIfReadable(
  volumes: VolumeSet,
  pair: PairDefinition,
  chunkSize: number,
  chunk: number,
  unread: (block: ByteRange) => void,
): Buffer | null {
  try {
    return readChunk(volumes, pair, chunkSize, chunk);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const start = chunk * chunkSize;
    unread(failedBlock(error, { start, end: start + chunkLength(pair.sizeBytes, chunkSize, chunk) }));
    return null;
  }
}

/**
 * Whether the chunk, with the given entries put over it in order, has the digest that is wanted.
 */
export function fits(chunk: Buffer, entries: readonly Entry[], wanted: Buffer): boolean {
  for (const entry of entries) putContent(chunk, entry);
  return digest(chunk).equals(wanted);
}

export function newestFirst(history: ChunkHistory): Entry[] {
  return [...history.entries].reverse();
}
