/** Strips, lanes and knowledge for tests of the engine. */
import { blake3 } from '@napi-rs/blake-hash';
import fc from 'fast-check';
import { createControl, LaneControl, Steering } from '../../src-main/engine/control.ts';
import { chunkState, emptyKnowledge, setKnown, type Knowledge } from '../../src-main/engine/knowledge.ts';
import type { Strip } from '../../src-main/engine/scan.ts';
import type { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import type { MemoryVolume } from '../../src-main/volumes/memory-volume.ts';
import { pattern } from '../volumes/content.ts';

/** One lane in this thread, and the hand that steers it. */
export function laneOf(pairs = 1): { steering: Steering; lane: LaneControl } {
  const shared = createControl(1, pairs);
  return { steering: new Steering(shared), lane: new LaneControl(shared, 0) };
}

/** The whole of a volume as one strip. Sizes in bytes. */
export function wholeStrip(sizeBytes: number, chunkSize: number): Strip {
  return { pairIndex: 0, firstChunk: 0, chunks: Math.ceil(sizeBytes / chunkSize), chunkSize, sizeBytes };
}

/** What a chunk of a volume holds: nothing ever written, written zeros, or one of two contents. */
export type Filling = 'hole' | 'zeros' | 'one' | 'other';
export const filling = fc.constantFrom<Filling>('hole', 'zeros', 'one', 'other');

/** The bytes of a chunk. */
export function contentOf(kind: Filling, chunk: number, length: number): Buffer {
  if (kind === 'hole' || kind === 'zeros') return Buffer.alloc(length);
  return pattern(length, chunk * 2 + (kind === 'one' ? 0 : 1));
}

/** A volume in memory, at `path`, with these chunks; the last one is cut at the volume's size. */
export function volumeOf(
  volumes: MemoryVolumes,
  path: string,
  chunks: readonly Filling[],
  sizeBytes: number,
  chunkSize: number,
): MemoryVolume {
  const volume = volumes.add(path, sizeBytes);
  const handle = volumes.open(path, 'write');
  chunks.forEach((kind, n) => {
    const length = Math.min(chunkSize, sizeBytes - n * chunkSize);
    if (kind !== 'hole') handle.write(contentOf(kind, n, length), n * chunkSize);
  });
  handle.close();
  return volume;
}

/** What a digest map says of such chunks. */
export function mapOf(chunks: readonly Filling[], sizeBytes: number, chunkSize: number): Knowledge {
  const known = emptyKnowledge(chunks.length);
  chunks.forEach((kind, n) => {
    const content = contentOf(kind, n, Math.min(chunkSize, sizeBytes - n * chunkSize));
    if (content.every((byte) => byte === 0)) setKnown(known, n, chunkState.blank);
    else setKnown(known, n, chunkState.digest, blake3(content));
  });
  return known;
}
