/** Bytes in memory that cost only what was written to them. Part of the in-memory volumes that tests use. */
import type { ByteRange } from './volume.ts';

const blockBytes = 4096;

export class SparseBytes {
  readonly #blocks = new Map<number, Buffer>();
  sizeBytes: number;

  constructor(sizeBytes: number) {
    this.sizeBytes = sizeBytes;
  }

  /** Fills `buffer` from `offset` (bytes); what was never written reads as zeros. */
  read(buffer: Buffer, offset: number): void {
    this.#each(offset, buffer.length, (index, within, at, length) => {
      const block = this.#blocks.get(index);
      if (block === undefined) buffer.fill(0, at, at + length);
      else block.copy(buffer, at, within, within + length);
    });
  }

  /** Puts `buffer` at `offset` (bytes). */
  write(buffer: Buffer, offset: number): void {
    this.#each(offset, buffer.length, (index, within, at, length) => {
      const block = this.#blocks.get(index) ?? Buffer.alloc(blockBytes);
      this.#blocks.set(index, block);
      buffer.copy(block, within, at, at + length);
    });
  }

  /** Makes a range zeros; whole blocks become holes. */
  punch(range: ByteRange): void {
    this.#each(range.start, range.end - range.start, (index, within, _, length) => {
      if (length === blockBytes) this.#blocks.delete(index);
      else this.#blocks.get(index)?.fill(0, within, within + length);
    });
  }

  /** The first run of written blocks at or after `from`, cut at `to`; null where there is none. */
  nextData(from: number, to: number): ByteRange | null {
    const end = Math.min(to, this.sizeBytes);
    if (from >= end) return null;
    const here = Math.floor(from / blockBytes);
    let first = Infinity;
    for (const index of this.#blocks.keys()) if (index >= here && index < first) first = index;
    if (first * blockBytes >= end) return null;
    let after = first + 1;
    while (this.#blocks.has(after)) after += 1;
    return { start: Math.max(from, first * blockBytes), end: Math.min(end, after * blockBytes) };
  }

  /** An independent copy. */
  clone(): SparseBytes {
    const copy = new SparseBytes(this.sizeBytes);
    for (const [index, block] of this.#blocks) copy.#blocks.set(index, Buffer.from(block));
    return copy;
  }

  #each(
    offset: number,
    length: number,
    visit: (index: number, within: number, at: number, length: number) => void,
  ): void {
    for (let at = 0; at < length;) {
      const within = (offset + at) % blockBytes;
      const part = Math.min(length - at, blockBytes - within);
      visit((offset + at - within) / blockBytes, within, at, part);
      at += part;
    }
  }
}
