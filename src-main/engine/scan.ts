/**
 * Going through one strip of a volume chunk by chunk: holes skipped, the rest read and digested. What is done with each
 * chunk is the visitor's business. Memory is one chunk, whatever the volume's size.
 */
import { blake3 } from '@napi-rs/blake-hash';
import { assertLargeEnough } from '../volumes/large-enough.ts';
import type { ByteRange, VolumeHandle } from '../volumes/volume.ts';
import { marks } from './chunk-map.ts';
import type { LaneControl } from './control.ts';
import { DataRanges } from './data-ranges.ts';

/** A run of chunks of one volume. */
export interface Strip {
  /** The pair's place in the run, counted from 0: what figures are kept by. */
  pairIndex: number;
  firstChunk: number;
  chunks: number;
  chunkSize: number;
  /** The volume's logical size, bytes. */
  sizeBytes: number;
}

/** One chunk as it was found. */
export interface ScannedChunk {
  /** Place in the strip, from 0. */
  index: number;
  /** Place in the volume, bytes. */
  offset: number;
  length: number;
  /** The content; null for a hole. Valid until the visitor returns. */
  data: Buffer | null;
}

/** The bytes of the volume that a strip covers. */
export function bytesOf(strip: Strip): ByteRange {
  const start = strip.firstChunk * strip.chunkSize;
  return { start, end: Math.min(strip.sizeBytes, start + strip.chunks * strip.chunkSize) };
}

const zeroDigests = new Map<number, Buffer>();

/** BLAKE3 of `length` zeros. */
export function zeroDigest(length: number): Buffer {
  const known = zeroDigests.get(length);
  if (known !== undefined) return known;
  const made = blake3(Buffer.alloc(length));
  zeroDigests.set(length, made);
  return made;
}

export class Scanner {
  readonly #control: LaneControl;
  #buffer = Buffer.alloc(0);

  constructor(control: LaneControl) {
    this.#control = control;
  }

  /** Visits every chunk of the strip in order. Throws what the volume and the visitor throw, and `cancelled`. */
  scan(volume: VolumeHandle, strip: Strip, visit: (chunk: ScannedChunk) => void): void {
    const { chunkSize, sizeBytes, pairIndex } = strip;
    assertLargeEnough(volume, sizeBytes);
    if (this.#buffer.length < chunkSize) this.#buffer = Buffer.allocUnsafeSlow(chunkSize);
    const { start, end } = bytesOf(strip);
    this.#control.inCall(pairIndex);
    const ranges = new DataRanges(volume, { start, end });
    for (let index = 0; index < strip.chunks; index += 1) {
      const offset = start + index * chunkSize;
      const length = Math.min(chunkSize, sizeBytes - offset);
      this.#control.checkpoint();
      this.#control.inCall(pairIndex);
      if (!ranges.meets(offset, offset + length)) {
        visit({ index, offset, length, data: null });
        continue;
      }
      this.#control.spend(length);
      this.#control.inCall(pairIndex);
      const buffer = this.#buffer.subarray(0, length);
      try {
        volume.read(buffer, offset);
      } catch (error) {
        const chunk = strip.firstChunk + index;
        this.#control.mark(pairIndex, chunk, chunk + 1, marks.unreadable);
        throw error;
      }
      visit({ index, offset, length, data: buffer });
    }
    this.#control.inCall(null);
  }
}
