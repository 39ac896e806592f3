/**
 * Folding several undo journals of one point into one: per chunk the union of their ranges, older content winning.
 * Where the volumes are at an older point, the journals hold newer content instead (their segments' side), and then the
 * newer wins.
 */
import { SitepairError } from '../contract/errors.ts';
import type { ByteRange } from '../volumes/volume.ts';
import type { GroupStore } from './group-store.ts';
import {
  recordIndexBytes,
  segmentIndexBytes,
  segmentPayloadBytes,
  type JournalIdentity,
  type JournalRecord,
  type Side,
} from './journal-format.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import { journalsOfPoint, openJournals, type Journal } from './journal-reader.ts';
import { journalName, JournalWriter } from './journal-writer.ts';
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
  readonly #side: Side;
  readonly #payloadLimit: number;
  readonly #chunk: Buffer;
  #records: JournalRecord[] = [];
  #parts: Buffer[] = [];
  #payload = 0;
  #index = 0;
  segments = 0;
  bytes = 0;

  constructor(writer: JournalWriter, side: Side, chunkSize: number, payloadLimit: number) {
    this.#writer = writer;
    this.#side = side;
    this.#payloadLimit = payloadLimit;
    this.#chunk = Buffer.alloc(chunkSize);
  }

  add(history: ChunkHistory): void {
    for (const entry of this.#side === 'old' ? newestFirst(history) : history.entries) putContent(this.#chunk, entry);
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
    this.#writer.append(this.#records, Buffer.concat(this.#parts), this.#side);
    this.segments += 1;
    this.bytes += this.#payload;
    this.#records = [];
    this.#parts = [];
    this.#payload = 0;
    this.#index = 0;
  }
}

/**
 * The one side that all segments are on: whether the volumes are at the newer or at the older end of these journals.
 */
function sideOf(journals: readonly Journal[]): Side {
  const sides = new Set(journals.flatMap((journal) => journal.segments.map((place) => place.header.side)));
  if (sides.size > 1) throw new Error('journals of a move that is under way cannot be folded');
  return sides.has('new') ? 'new' : 'old';
}

/**
 * Writes the union of a point's journals as one new, durable journal and returns the reference to it. The record still
 * names the old ones; the caller changes it. The space for both is needed for that moment. `payloadLimit`, bytes: how
 * much old content one segment holds.
 */
export function foldJournals(
  store: GroupStore,
  point: StoredPoint,
  payloadLimit: number = segmentPayloadBytes,
): JournalReference[] {
  const { definition } = store.record;
  const journals = openJournals(store.disk, journalsOfPoint(definition.id, point.undo));
  const attempt = 1 + Math.max(...point.undo.map((reference) => reference.attempt));
  const place = { epoch: point.epoch, cycle: point.cycle, attempt, lane: 0 };
  try {
    // What an earlier folding left that was cut off before the record named it.
    store.disk.remove(journalName(place));
    return [{ ...place, ...writeFolded(store, place, journals, payloadLimit) }];
  } catch (error) {
    // What was written of it takes space, which may be what is missing.
    if (error instanceof SitepairError) store.disk.remove(journalName(place));
    throw error;
  } finally {
    for (const journal of journals) journal.close();
  }
}

function writeFolded(
  store: GroupStore,
  place: Omit<JournalIdentity, 'group'>,
  journals: readonly Journal[],
  payloadLimit: number,
): Pick<JournalReference, 'segments' | 'bytes'> {
  const { definition } = store.record;
  const writer = JournalWriter.create(store.disk, { group: definition.id, ...place }, definition.policy.chunkSizeBytes);
  try {
    store.disk.flushNames();
    const folded = new FoldedSegments(writer, sideOf(journals), definition.policy.chunkSizeBytes, payloadLimit);
    for (const history of mergeJournals(journals)) folded.add(history);
    folded.turn();
    writer.seal();
    return { segments: folded.segments, bytes: folded.bytes };
  } finally {
    writer.close();
  }
}
