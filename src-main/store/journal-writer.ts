/**
 * Appends segments to one undo journal. What it promises: when `append` returns, the segment is durable; and the count
 * that is durable with it covers all segments before it. A segment may be written under only once a durable count
 * covers it, so that a torn tail can always be told apart from damage inside (journal-format.ts).
 */
import type { Disk, DiskFile } from './disk.ts';
import {
  encodeCount,
  encodeJournalHeader,
  encodeSegment,
  pageBytes,
  segmentsStart,
  type JournalIdentity,
  type JournalRecord,
  type Side,
} from './journal-format.ts';

export function journalName(identity: Pick<JournalIdentity, 'epoch' | 'cycle' | 'attempt' | 'lane'>): string {
  return `undo-${identity.epoch}-${identity.cycle}-${identity.attempt}-${identity.lane}`;
}

export class JournalWriter {
  readonly name: string;
  readonly #file: DiskFile;
  readonly #identity: JournalIdentity;
  #end = segmentsStart;
  #segments = 0;
  #turn = 0;
  #covered = 0;
  /** The image of the last segment, used again: a cycle writes very many. */
  #memory: Buffer = Buffer.alloc(0);

  private constructor(file: DiskFile, identity: JournalIdentity) {
    this.name = file.name;
    this.#identity = identity;
    this.#file = file;
  }

  /** Makes a journal; it is durable, its name once names are flushed. Throws where it exists already. */
  static create(disk: Disk, identity: JournalIdentity, chunkSize: number): JournalWriter {
    const file = disk.create(journalName(identity), segmentsStart);
    try {
      file.write(encodeJournalHeader(identity, chunkSize), 0);
      file.flush();
    } catch (error) {
      file.close();
      throw error;
    }
    return new JournalWriter(file, identity);
  }

  /** Opens a journal that was made and holds nothing yet. Throws `store-damaged` where it is not there. */
  static open(disk: Disk, identity: JournalIdentity): JournalWriter {
    return new JournalWriter(disk.open(journalName(identity)), identity);
  }

  /** How many segments a durable count covers: these may be written under. */
  get covered(): number {
    return this.#covered;
  }

  append(records: readonly JournalRecord[], payload: Buffer, side: Side = 'old'): void {
    const image = encodeSegment(this.#identity, { number: this.#segments, side, records, payload }, this.#memory);
    if (image.length > this.#memory.length) this.#memory = image;
    this.#file.write(image, this.#end);
    this.#end += image.length;
    this.#writeCountAndFlush(this.#segments);
    this.#segments += 1;
  }

  /** Covers the last segment too. */
  seal(): void {
    if (this.#covered < this.#segments) this.#writeCountAndFlush(this.#segments);
  }

  close(): void {
    this.#file.close();
  }

  /**
   * `count` segments were durable before this call; when it returns, that count and all that was written are durable.
   */
  #writeCountAndFlush(count: number): void {
    this.#file.write(encodeCount(this.#turn, count), pageBytes * (1 + (this.#turn % 2)));
    this.#turn += 1;
    this.#file.flush();
    this.#covered = count;
  }
}
