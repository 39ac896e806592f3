/**
 * Both sides of the pairs cut into strips, with what the common point had, and what a newer point had of chunks that it
 * changed. Stretches that are holes on both sides are passed over, so that time grows with data, not with size.
 */
import { chunkState, emptyKnowledge, setKnown, type Knowledge } from '../../engine/knowledge.ts';
import { MapReader } from '../../store/digest-map.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { mergeJournals, type ChunkHistory } from '../../store/journal-merge.ts';
import type { Journal } from '../../store/journal-reader.ts';
import { wantedAtEnd } from '../../store/maps-of-move.ts';
import { chunkCount, type PairDefinition, type PointKey } from '../../store/record.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import { knowledgeFrom } from './inspect-orders.ts';
import type { StripOrder } from './lane.ts';
import type { NewerKnowledge } from './side-classes.ts';

const stripBytes = 16 << 20;

export interface SidesPlaces {
  /** By their numbers, ascending. */
  pairs: readonly PairDefinition[];
  chunkSize: number;
  sources: VolumeSet;
  targets: VolumeSet;
  /** Whose digest maps tell what both sides had; null where nothing does. */
  base: { store: GroupStore; point: PointKey } | null;
  /** The journals that lead from there to a newer point, and the side that may still hold that. */
  newer: { side: NewerKnowledge['side']; journals: readonly Journal[] } | null;
}

/** A step of the way, in chunks of the pair: a strip to be read, or holes on both sides that are blank at the point. */
export type SidesStep =
  | { kind: 'strip'; pair: PairDefinition; order: StripOrder }
  | { kind: 'hole'; pair: PairDefinition; pairIndex: number; from: number; to: number; known: boolean };

/** The chunks that a newer point changed, in order. */
class NewerChunks {
  readonly #side: NewerKnowledge['side'];
  readonly #histories: Generator<ChunkHistory>;
  #next: IteratorResult<ChunkHistory>;

  constructor({ side, journals }: NonNullable<SidesPlaces['newer']>) {
    this.#side = side;
    this.#histories = mergeJournals(journals);
    this.#next = this.#histories.next();
  }

  /** What it made of the chunks [first, first + count) of a pair; asked for in ascending order. */
  of(pair: number, first: number, count: number): NewerKnowledge {
    const known = emptyKnowledge(count);
    for (; this.#next.done !== true; this.#next = this.#histories.next()) {
      const { value } = this.#next;
      if (value.pair > pair || (value.pair === pair && value.chunk >= first + count)) break;
      if (value.pair === pair && value.chunk >= first) {
        setKnown(known, value.chunk - first, chunkState.digest, wantedAtEnd(value, false));
      }
    }
    return { side: this.#side, known };
  }
}

/** All steps, pairs in their order, chunks ascending. */
export function* sidesStepsOf(places: SidesPlaces): Generator<SidesStep> {
  const { base, chunkSize } = places;
  const newer = places.newer === null ? null : new NewerChunks(places.newer);
  let number = 0;
  for (const [pairIndex, pair] of places.pairs.entries()) {
    const { id } = base?.store.record.definition ?? { id: '' };
    const reader =
      base === null ? null : new MapReader(base.store.disk, { group: id, pair: pair.number, ...base.point });
    const chunks = chunkCount(pair.sizeBytes, chunkSize);
    try {
      for (let from = 0; from < chunks;) {
        const hole = holeAt(from, chunks, pair, reader, places);
        if (hole.to > from) {
          yield { kind: 'hole', pair, pairIndex, from, ...hole };
          from = hole.to;
          continue;
        }
        const count = Math.min(chunks - from, Math.max(1, Math.floor(stripBytes / chunkSize)));
        const strip = { pairIndex, firstChunk: from, chunks: count, chunkSize, sizeBytes: pair.sizeBytes };
        const known: Knowledge = knowledgeFrom(reader, from, count);
        const also = newer === null ? {} : { newer: newer.of(pair.number, from, count) };
        yield { kind: 'strip', pair, order: { number, pair: pair.number, save: 'discard', strip, known, ...also } };
        number += 1;
        from += count;
      }
    } finally {
      reader?.close();
    }
  }
}

/** How far from chunk `from` on both sides are holes, and the point says the same: that it was blank, or nothing. */
function holeAt(
  from: number,
  chunks: number,
  pair: PairDefinition,
  reader: MapReader | null,
  { chunkSize, sources, targets }: SidesPlaces,
): { to: number; known: boolean } {
  let limit = chunks;
  for (const volumes of [sources, targets]) {
    const volume = volumes.get(pair.number);
    assertLargeEnough(volume, pair.sizeBytes);
    const data = volume.nextData(from * chunkSize, pair.sizeBytes);
    if (data !== null) limit = Math.min(limit, Math.floor(data.start / chunkSize));
  }
  if (limit <= from) return { to: from, known: false };
  const run = reader?.run(from, limit) ?? { kind: 'unknown', to: limit };
  return run.kind === 'digest' ? { to: from, known: false } : { to: run.to, known: run.kind === 'blank' };
}
