/** Folding several undo journals of one point into one: per chunk the union of their ranges, older content winning. */
import type { ByteRange } from '../volumes/volume.ts';
import type { GroupStore } from './group-store.ts';
import { recordIndexBytes, segmentIndexBytes, segmentPayloadBytes, type JournalRecord } from './journal-format.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import { openJournal } from './journal-reader.ts';
import { JournalWriter } from './journal-writer.ts';
import { newestFirst, putContent } from './overlay.ts';
import type { JournalReference, StoredPoint } from './record.ts';

/** Ranges joined where they touch or overlap, ascending. */
export function unionRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: ByteRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/** Builds segments of folded records and hands them to the writer as they fill. */
class FoldedSegments {
  readonly #writer: JournalWriter;
  readonly #payloadLimit: number;
  readonly #chunk: Buffer;
  #records: JournalRecord[] = [];
  #parts: Buffer[] = [];
  #payload = 0;
  #index = 0;
  segments = 0;
  bytes = 0;

  constructor(writer: JournalWriter, chunkSize: number, payloadLimit: number) {
    this.#writer = writer;
    this.#payloadLimit = payloadLimit;
    this.#chunk = Buffer.alloc(chunkSize);
  }

  add(history: ChunkHistory): void {
    for (const entry of newestFirst(history)) putContent(this.#chunk, entry);
    const ranges = unionRanges(history.entries.flatMap((entry) => entry.record.ranges));
    const content = Buffer.concat(ranges.map(({ start, end }) => this.#chunk.subarray(start, end)));
    const index = recordIndexBytes(ranges.length);
    if (this.#payload + content.length > this.#payloadLimit || this.#index + index > segmentIndexBytes) this.turn();
    const [oldest] = history.entries;
    const newest = history.entries.at(-1) ?? oldest;
    this.#records.push({
      pair: history.pair,
      chunk: history.chunk,
      oldDigest: oldest.record.oldDigest,
      newDigest: newest.record.newDigest,
      ranges,
      payloadOffset: this.#payload,
      payloadLength: content.length,
    });
    this.#parts.push(content);
    this.#payload += content.length;
    this.#index += index;
  }

  turn(): void {
    if (this.#records.length === 0) return;
    this.#writer.append(this.#records, Buffer.concat(this.#parts));
    this.segments += 1;
    this.bytes += this.#payload;
    this.#records = [];
    this.#parts = [];
    this.#payload = 0;
    this.#index = 0;
  }
}

/**
 * Writes the union of a point's journals as one new, durable journal and returns the reference to it. The record still names
 * the old ones; the caller changes it. The space for both is needed for that moment. `payloadLimit`, bytes: how much old
 * content one segment holds.
 */
export function foldJournals(
  store: GroupStore,
  point: StoredPoint,
  payloadLimit: number = segmentPayloadBytes,
): JournalReference[] {
  const { definition } = store.record;
  const journals = point.undo.map((reference) =>
    openJournal(store.disk, { group: definition.id, ...reference }, reference.segments),
  );
  const attempt = 1 + Math.max(...point.undo.map((reference) => reference.attempt));
  const place = { epoch: point.epoch, cycle: point.cycle, attempt, lane: 0 };
  try {
    const writer = new JournalWriter(store.disk, { group: definition.id, ...place }, definition.policy.chunkSizeBytes);
    const folded = new FoldedSegments(writer, definition.policy.chunkSizeBytes, payloadLimit);
    try {
      for (const history of mergeJournals(journals)) folded.add(history);
      folded.turn();
      writer.seal();
    } finally {
      writer.close();
    }
    return [{ ...place, segments: folded.segments, bytes: folded.bytes }];
  } finally {
    for (const journal of journals) journal.close();
  }
}
