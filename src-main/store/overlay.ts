/** Content of a chunk as it would be with journalled content put back: what is checked before anything is written. */
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
 * Whether the chunk, with the given entries put over it in order, has the digest that is wanted.
 */
export function fits(chunk: Buffer, entries: readonly Entry[], wanted: Buffer): boolean {
  for (const entry of entries) putContent(chunk, entry);
  return digest(chunk).equals(wanted);
}

export function newestFirst(history: ChunkHistory): Entry[] {
  return [...history.entries].reverse();
}
