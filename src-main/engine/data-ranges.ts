/**
 * The data of a stretch of a volume, walked through once and forwards. Each range of data is read ahead as soon as it
 * comes up; holes are not, as that would fill the page cache with zeros.
 */
import type { ByteRange, VolumeHandle } from '../volumes/volume.ts';

export class DataRanges {
  readonly #volume: VolumeHandle;
  readonly #end: number;
  #range: ByteRange | null;

  /** Throws what the volume throws. */
  constructor(volume: VolumeHandle, stretch: ByteRange) {
    this.#volume = volume;
    this.#end = stretch.end;
    this.#range = this.#next(stretch.start);
  }

  /** Whether data may lie in [start, end), bytes; else it reads as zeros. Starts must ascend. */
  meets(start: number, end: number): boolean {
    if (this.#range !== null && this.#range.end <= start) this.#range = this.#next(start);
    return this.#range !== null && this.#range.start < end;
  }

  #next(from: number): ByteRange | null {
    const range = this.#volume.nextData(from, this.#end);
    if (range !== null) this.#volume.prefetch(range);
    return range;
  }
}
