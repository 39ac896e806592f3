/** What a cycle would find at one chunk, and what that would cost it. Reads, and changes nothing. */
import type { LaneControl } from '../../engine/control.ts';
import { zeroDigest } from '../../engine/scan.ts';
import { digest } from '../../store/checksum.ts';
import { blockBytes, recordIndexBytes } from '../../store/journal-format.ts';
import { differingRanges } from '../../store/receiver.ts';
import { isUnreadable } from '../../volumes/readable.ts';
import type { VolumeHandle } from '../../volumes/volume.ts';
import type { ChunkBounds, ChunkCost } from './estimate.ts';
import type { PlaceOfChunk } from './pairs-ahead.ts';

const nothing: ChunkCost = { copy: 0, undo: 0 };

/** The least and the most that a chunk of this size costs. */
export function boundsOf(chunkSize: number): ChunkBounds {
  const block = blockBytes(chunkSize);
  // At most every other block is a range of its own.
  const ranges = Math.ceil(chunkSize / block / 2);
  return {
    most: { copy: chunkSize, undo: chunkSize + recordIndexBytes(ranges) },
    least: { copy: block, undo: block + recordIndexBytes(1) },
  };
}

export class ChunkLook {
  readonly #control: LaneControl;
  readonly #chunkSize: number;
  readonly #fresh: Buffer;
  readonly #old: Buffer;
  readonly #zeros: Buffer;
  readonly #skipUnreadable: boolean;
  #bytesRead = 0;
  #copied = 0;
  #readAgain = 0;

  /** `skipUnreadable`: what a source does not give is passed over. */
  constructor(control: LaneControl, chunkSize: number, skipUnreadable: boolean) {
    this.#control = control;
    this.#chunkSize = chunkSize;
    this.#skipUnreadable = skipUnreadable;
    this.#fresh = Buffer.allocUnsafeSlow(chunkSize);
    this.#old = Buffer.allocUnsafeSlow(chunkSize);
    this.#zeros = Buffer.alloc(chunkSize);
  }

  /** How much was read so far, both sides together, bytes. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * Bytes that a run reads of replicas for each byte that it copies, where maps tell it which chunks differ: it reads
   * whole chunks then, however little of them differs.
   */
  get readAgainOfCopied(): number {
    return this.#copied === 0 ? 0 : this.#readAgain / this.#copied;
  }

  /** Asks the system to read a chunk that will be looked at soon. */
  expect({ ahead, chunk }: PlaceOfChunk): void {
    const range = this.#rangeOf({ ahead, chunk });
    ahead.source.prefetch(range);
    if (ahead.map === null) ahead.target?.prefetch(range);
  }

  /**
   * Null for a chunk that is passed over. Keeps to the limit of the control. Throws what the volumes throw, and
   * `cancelled`.
   */
  cost({ ahead, chunk }: PlaceOfChunk): ChunkCost | null {
    const { source, target, map, save } = ahead;
    const { start, end } = this.#rangeOf({ ahead, chunk });
    this.#control.checkpoint();
    this.#control.spend(end - start);
    const fresh = this.#readSource(source, start, end);
    if (fresh === null) return null;
    map?.seekNear(chunk);
    const known = map?.lookup(chunk) ?? 'unknown';
    if (known !== 'unknown') {
      const zero = zeroDigest(end - start);
      if (digest(fresh).equals(known === 'blank' ? zero : known)) return nothing;
    }
    const old =
      target === null ? this.#old.subarray(0, end - start).fill(0) : this.#read(target, this.#old, start, end);
    if (ahead.mayBeBlank === true && start < (ahead.firstHeld ?? Infinity)) {
      if (!old.equals(this.#zeros.subarray(0, old.length))) ahead.firstHeld = start;
    }
    const ranges = differingRanges(old, fresh, blockBytes(this.#chunkSize));
    if (ranges.length === 0) return nothing;
    const copy = ranges.reduce((sum, range) => sum + range.end - range.start, 0);
    this.#copied += copy;
    if (map !== null && target !== null) this.#readAgain += end - start;
    return { copy, undo: save === 'journal' ? copy + recordIndexBytes(ranges.length) : 0 };
  }

  #rangeOf({ ahead, chunk }: PlaceOfChunk): { start: number; end: number } {
    const start = chunk * this.#chunkSize;
    return { start, end: Math.min(ahead.pair.sizeBytes, start + this.#chunkSize) };
  }

  #readSource(source: VolumeHandle, start: number, end: number): Buffer | null {
    try {
      return this.#read(source, this.#fresh, start, end);
    } catch (error) {
      if (!this.#skipUnreadable || !isUnreadable(error)) throw error;
      return null;
    }
  }

  #read(volume: VolumeHandle, memory: Buffer, start: number, end: number): Buffer {
    const buffer = memory.subarray(0, end - start);
    this.#control.inCall(0);
    try {
      if (volume.nextData(start, end) === null) return buffer.fill(0);
      volume.read(buffer, start);
      this.#bytesRead += buffer.length;
      return buffer;
    } finally {
      this.#control.inCall(null);
    }
  }
}
