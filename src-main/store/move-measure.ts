/** How far a move is: of the old content that leads to its point, how much was looked at and put back, bytes. */
import type { ChunkHistory } from './journal-merge.ts';
import type { Journal } from './journal-reader.ts';

export class MoveMeasure {
  readonly #tell: ((done: number, total: number) => void) | undefined;
  #done = 0;
  #total = 0;

  constructor(tell: ((done: number, total: number) => void) | undefined) {
    this.#tell = tell;
  }

  /** All that these journals hold will be looked at. */
  expectLook(journals: readonly Journal[]): void {
    this.#total += journals.reduce((sum, journal) => sum + journal.payloadBytes, 0);
  }

  /** The segments of these journals that are not on the target's side yet will be swapped. */
  expectSwap(older: readonly Journal[], newer: readonly Journal[]): void {
    for (const journal of [...older, ...newer]) {
      const to = older.includes(journal) ? 'old' : 'new';
      for (const { header } of journal.segments) if (header.side !== to) this.#total += header.payloadLength;
    }
  }

  looked({ entries }: ChunkHistory): void {
    this.gone(entries.reduce((sum, { record }) => sum + record.payloadLength, 0));
  }

  /** So many bytes more are done with. */
  gone(bytes: number): void {
    this.#done += bytes;
    this.#tell?.(Math.min(this.#done, this.#total), this.#total);
  }
}
