/**
 * Goes through several journals chunk by chunk. The journals are given oldest first; each ascends by pair and chunk, so
 * a merge of their cursors visits every chunk once, with memory for one index a journal.
 */
import { SitepairError } from '../contract/errors.ts';
import type { JournalRecord } from './journal-format.ts';
import type { Journal, SegmentPlace } from './journal-reader.ts';
import { storeAnew } from './ways-out.ts';

export interface Entry {
  journal: Journal;
  place: SegmentPlace;
  record: JournalRecord;
}

/** All that is known of one chunk, oldest first. */
export interface ChunkHistory {
  pair: number;
  chunk: number;
  entries: [Entry, ...Entry[]];
}

type Position = Pick<JournalRecord, 'pair' | 'chunk'>;

/** Negative where `a` comes first. */
export function comparePosition(a: Position, b: Position): number {
  return a.pair - b.pair || a.chunk - b.chunk;
}

class Cursor {
  readonly #journal: Journal;
  #segment = -1;
  #records: JournalRecord[] = [];
  #next = 0;
  #last: Position | null = null;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#load();
  }

  peek(): Entry | null {
    const place = this.#journal.segments[this.#segment];
    const record = this.#records[this.#next];
    return place === undefined || record === undefined ? null : { journal: this.#journal, place, record };
  }

  advance(): void {
    this.#next += 1;
    this.#load();
  }

  #load(): void {
    while (this.#next >= this.#records.length && this.#segment + 1 < this.#journal.segments.length) {
      this.#segment += 1;
      const place = this.#journal.segments[this.#segment];
      this.#records = place === undefined ? [] : this.#journal.readIndex(place);
      this.#next = 0;
    }
    const record = this.#records[this.#next];
    if (record === undefined) return;
    if (this.#last !== null && comparePosition(this.#last, record) >= 0) {
      throw new SitepairError({
        code: 'store-damaged',
        message: `The undo journal ${this.#journal.name} is damaged: its records are out of order; nothing was undone.`,
        where: this.#journal.name,
        remedy: storeAnew,
      });
    }
    this.#last = { pair: record.pair, chunk: record.chunk };
  }
}

/** Every chunk that the journals name, ascending by pair and chunk. */
export function* mergeJournals(journals: readonly Journal[]): Generator<ChunkHistory> {
  const cursors = journals.map((journal) => new Cursor(journal));
  for (;;) {
    let first: Position | null = null;
    for (const cursor of cursors) {
      const entry = cursor.peek();
      if (entry !== null && (first === null || comparePosition(entry.record, first) < 0)) first = entry.record;
    }
    if (first === null) return;
    const entries: Entry[] = [];
    for (const cursor of cursors) {
      const entry = cursor.peek();
      if (entry === null || comparePosition(entry.record, first) !== 0) continue;
      entries.push(entry);
      cursor.advance();
    }
    const [oldest, ...newer] = entries;
    if (oldest === undefined) return;
    yield { pair: first.pair, chunk: first.chunk, entries: [oldest, ...newer] };
  }
}
