/**
 * Cutting the pairs of a cycle into strips, in order, each with what is known of the replica. Stretches that are holes
 * on the source and blank on the replica are passed over here, so that time grows with data, not with size. One strip
 * at a time is in memory.
 */
import { chunkState, emptyKnowledge, setKnown, type Knowledge } from '../../engine/knowledge.ts';
import { MapReader } from '../../store/digest-map.ts';
import { journalsOfCycle } from '../../store/cycle.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { mergeJournals, type ChunkHistory } from '../../store/journal-merge.ts';
import { openJournals, type Journal } from '../../store/journal-reader.ts';
import { byNumber, definitionAtWork } from '../../store/pairs.ts';
import { chunkCount, type PairDefinition, type Receiving, type ReceivingPair } from '../../store/record.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import type { StripOrder } from './lane.ts';

/** Bytes of a strip, where nothing else is asked for: what one lane works on before it takes the next. */
const defaultStripBytes = 16 << 20;

/** A step of the way through a pair: a strip to be looked at, or a stretch known to be blank on both sides. */
export type Stretch =
  | { kind: 'strip'; pair: PairDefinition; order: StripOrder }
  | { kind: 'blank'; pair: PairDefinition; from: number; to: number };

/** The chunks that earlier attempts of the open cycle have journalled, in order. */
class Touched {
  readonly #journals: Journal[];
  readonly #histories: Generator<ChunkHistory>;
  #next: IteratorResult<ChunkHistory>;

  constructor(store: GroupStore, receiving: Receiving) {
    const earlier = journalsOfCycle(store.record.definition.id, receiving).filter(
      ({ identity }) => identity.attempt < receiving.attempts,
    );
    this.#journals = openJournals(store.disk, earlier);
    this.#histories = mergeJournals(this.#journals);
    this.#next = this.#histories.next();
  }

  /** The first touched chunk of the pair at or after `from`; Infinity where there is none. */
  firstFrom(pair: number, from: number): number {
    while (this.#next.done !== true) {
      const { value } = this.#next;
      if (value.pair > pair || (value.pair === pair && value.chunk >= from)) break;
      this.#next = this.#histories.next();
    }
    return this.#next.done !== true && this.#next.value.pair === pair ? this.#next.value.chunk : Infinity;
  }

  /** Whether chunks may have been written that no journal names any more. */
  get doubtful(): boolean {
    return this.#journals.some((journal) => journal.doubtful);
  }

  close(): void {
    for (const journal of this.#journals) journal.close();
  }
}

export interface OrderPlaces {
  store: GroupStore;
  receiving: Receiving;
  sources: VolumeSet;
  targets: VolumeSet;
  stripBytes?: number;
}

/** All stretches of the open cycle, pairs by their numbers, chunks ascending. */
export function* ordersOf(places: OrderPlaces): Generator<Stretch> {
  const { store, receiving } = places;
  const touched = new Touched(store, receiving);
  let number = 0;
  try {
    const { pairs } = definitionAtWork(store.record);
    const open = byNumber(receiving.pairs);
    for (const [pairIndex, receivingPair] of open.entries()) {
      const pair = pairs.find((one) => one.number === receivingPair.number);
      if (pair === undefined) continue;
      for (const stretch of stretchesOf(places, pair, receivingPair, pairIndex, touched)) {
        if (stretch.kind === 'strip') {
          stretch.order.number = number;
          number += 1;
        }
        yield stretch;
      }
    }
  } finally {
    touched.close();
  }
}

function* stretchesOf(
  places: OrderPlaces,
  pair: PairDefinition,
  open: ReceivingPair,
  pairIndex: number,
  touched: Touched,
): Generator<Stretch> {
  const { store, sources, targets, stripBytes = defaultStripBytes } = places;
  const { position, definition, doubtful } = store.record;
  const chunkSize = definition.policy.chunkSizeBytes;
  const chunks = chunkCount(pair.sizeBytes, chunkSize);
  const base = position ?? { epoch: 0, cycle: 0 };
  // In doubt the maps are not believed: all is compared, and so the doubt ends with this cycle.
  const reader =
    doubtful || touched.doubtful
      ? null
      : new MapReader(store.disk, { group: definition.id, pair: pair.number, ...base });
  const source = sources.get(pair.number);
  const target = targets.get(pair.number);
  for (const volume of [source, target]) assertLargeEnough(volume, pair.sizeBytes);
  const nextDataChunk = (volume: typeof source, from: number): number => {
    const data = volume.nextData(from * chunkSize, pair.sizeBytes);
    return data === null ? chunks : Math.floor(data.start / chunkSize);
  };
  try {
    for (let from = 0; from < chunks;) {
      const limit = Math.min(nextDataChunk(source, from), touched.firstFrom(pair.number, from));
      const run = limit > from ? (reader?.run(from, limit) ?? { kind: 'unknown', to: limit }) : null;
      let blankTo = from;
      if (run?.kind === 'blank') blankTo = run.to;
      if (run?.kind === 'unknown') blankTo = Math.min(run.to, nextDataChunk(target, from));
      if (blankTo > from) {
        yield { kind: 'blank', pair, from, to: blankTo };
        from = blankTo;
        continue;
      }
      const count = Math.min(chunks - from, Math.max(1, Math.floor(stripBytes / chunkSize)));
      const known = knowledgeOf(reader, touched, pair.number, from, count);
      const strip = { pairIndex, firstChunk: from, chunks: count, chunkSize, sizeBytes: pair.sizeBytes };
      yield { kind: 'strip', pair, order: { number: 0, pair: pair.number, save: open.save, strip, known } };
      from += count;
    }
  } finally {
    reader?.close();
  }
}

function knowledgeOf(reader: MapReader | null, touched: Touched, pair: number, from: number, count: number): Knowledge {
  const known = emptyKnowledge(count);
  for (let index = 0; index < count; index += 1) {
    if (touched.firstFrom(pair, from + index) === from + index) {
      setKnown(known, index, chunkState.touched);
      continue;
    }
    const entry = reader?.lookup(from + index) ?? 'unknown';
    if (entry === 'unknown') continue;
    if (entry === 'blank') setKnown(known, index, chunkState.blank);
    else setKnown(known, index, chunkState.digest, entry);
  }
  return known;
}
