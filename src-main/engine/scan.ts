/**
 * Going through one strip of a volume chunk by chunk: holes skipped, the rest read and digested. What is done with each
 * chunk is the visitor's business. Memory is one chunk, whatever the volume's size.
 */
import { blake3 } from '../blake3.ts';
import { SitepairError } from '../contract/errors.ts';
import { describeBytes } from '../contract/wording.ts';
import { assertLargeEnough } from '../volumes/large-enough.ts';
import { failedBlock, isUnreadable, readAround } from '../volumes/readable.ts';
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

/**
 * What becomes of chunks that cannot be read: an error; or they are passed over, once all that can be had of them was
 * read, or at the first block that fails, which costs a dying disk little.
 */
export type Unreadable = 'throws' | 'read-around' | 'passed-over';

/** One chunk as it was found. */
export interface ScannedChunk {
  /** Place in the strip, from 0. */
  index: number;
  /** Place in the volume, bytes. */
  offset: number;
  length: number;
  /** The content; null for a hole. Valid until the visitor returns. */
  data: Buffer | null;
  /** Ranges of the volume, bytes, that could not be read, where that is allowed: there the content is of no use. */
  unread: readonly ByteRange[];
}

const allRead: readonly ByteRange[] = [];

/**
 * How much a volume may fail to give one after the other before it is taken for lost, and not for damaged in places,
 * bytes.
 */
export const mostUnreadInARow = 64 << 20;

/** The bytes of the volume that a strip covers. */
export function bytesOf(strip: Strip): ByteRange {
  const start = strip.firstChunk * strip.chunkSize;
  return { start, end: Math.min(strip.sizeBytes, start + strip.chunks * strip.chunkSize) };
}

/** How many chunks are passed over unread before the error is given after all: a dying disk takes its time for each. */
const mostPassedOver = 16;

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
  #passedOver = 0;
  /** Bytes that could not be read since something could. */
  #unreadInARow = 0;

  constructor(control: LaneControl) {
    this.#control = control;
  }

  /**
   * Visits every chunk of the strip in order. Throws what the volume and the visitor throw, and `cancelled`; where
   * what is unreadable does not throw, `read-failed` only where a volume gives nothing any more.
   */
  scan(
    volume: VolumeHandle,
    strip: Strip,
    visit: (chunk: ScannedChunk) => void,
    unreadable: Unreadable = 'throws',
  ): void {
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
        visit({ index, offset, length, data: null, unread: allRead });
        continue;
      }
      this.#control.spend(length);
      this.#control.inCall(pairIndex);
      const buffer = this.#buffer.subarray(0, length);
      let unread = allRead;
      try {
        volume.read(buffer, offset);
      } catch (error) {
        const chunk = strip.firstChunk + index;
        this.#control.mark(pairIndex, chunk, chunk + 1, marks.unreadable);
        if (unreadable === 'throws' || !isUnreadable(error)) throw error;
        if (unreadable === 'passed-over') {
          this.#passedOver += 1;
          if (this.#passedOver > mostPassedOver) throw error;
          unread = [failedBlock(error, { start: offset, end: offset + length })];
        } else {
          unread = this.#readAround(volume, buffer, offset, pairIndex);
        }
      }
      this.#countUnread(volume, { offset, length }, unread);
      visit({ index, offset, length, data: buffer, unread });
    }
    this.#control.inCall(null);
  }

  /** A failing disk takes long for each piece: between two of them a cancel is heard. */
  #readAround(volume: VolumeHandle, buffer: Buffer, offset: number, pairIndex: number): ByteRange[] {
    return readAround(volume, buffer, offset, () => {
      this.#control.checkpoint();
      this.#control.inCall(pairIndex);
    });
  }

  #countUnread(
    volume: VolumeHandle,
    { offset, length }: { offset: number; length: number },
    unread: readonly ByteRange[],
  ): void {
    const bytes = unread.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#unreadInARow = bytes === length ? this.#unreadInARow + length : 0;
    if (this.#unreadInARow < mostUnreadInARow) return;
    throw new SitepairError({
      code: 'read-failed',
      message: `${volume.path} gave nothing of the last ${describeBytes(this.#unreadInARow)} that were asked for, up to byte ${offset + length}: it looks lost, not damaged in places, so nothing more of it is passed over.`,
      where: `${volume.path}, offset ${offset}, length ${length}`,
      remedy:
        'See the system log for the device. Where it answers again, resume; else roll back, copy what can be saved of it to a new disk, and say where that is with group set --path.',
    });
  }
}
