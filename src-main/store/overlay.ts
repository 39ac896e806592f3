/** Content of a chunk as it would be with journalled content put back: what is checked before anything is written. */
import { failedBlock, isUnreadable, readAround } from '../volumes/readable.ts';
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
 * As `readChunk`, with what of it can be read, and where in the chunk it cannot (bytes). Zeros stand there. `between`
 * is called before each further try, and throws to stop.
 */
export function readChunkAround(
  volumes: VolumeSet,
  pair: PairDefinition,
  chunkSize: number,
  chunk: number,
  between: () => void,
): { content: Buffer; unread: ByteRange[] } {
  const volume = volumes.get(pair.number);
  const start = chunk * chunkSize;
  const content = Buffer.alloc(chunkLength(pair.sizeBytes, chunkSize, chunk));
  try {
    volume.read(content, start);
    return { content, unread: [] };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
  const unread = readAround(volume, content, start, between);
  const inChunk = unread.map((range) => ({ start: range.start - start, end: range.end - start }));
  for (const range of inChunk) content.fill(0, range.start, range.end);
  return { content, unread: inChunk };
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
