/**
 * The body of a cycle: every pair's strips go out to the lanes, what they find goes into the new digest maps in order,
 * and at the end the replica, its journals and its maps are durable. Completing the point is the caller's one further
 * step.
 */
import { digestOf, chunkState, type Knowledge } from '../../engine/knowledge.ts';
import { makeJournals, noteFlushFailure } from '../../store/cycle.ts';
import { MapWriter, type Known } from '../../store/digest-map.ts';
import { byNumber } from '../../store/pairs.ts';
import type { UnreadOfPair } from '../../store/record.ts';
import { UnreadTally } from '../../store/unread.ts';
import { noteWitnesses } from '../../store/witnesses.ts';
import type { StripOrder, StripResult } from './lane.ts';
import { ordersOf, type OrderPlaces, type Stretch } from './orders.ts';

/** Whoever works strips off: worker threads, or the calling thread in the tests. */
export interface Lanes {
  /**
   * Takes one strip; resolves when there is room for another. Strips must be given in order; results come to `onResult`
   * in any order. Rejects with the first error of any lane.
   */
  give(order: StripOrder): Promise<void>;
  /** Waits for all strips, ends the lanes, and resolves when everything they wrote is durable. */
  finish(): Promise<void>;
}

export interface ReceiveOptions extends OrderPlaces {
  laneCount: number;
  lanes: (onResult: (result: StripResult) => void) => Lanes;
  /** Told of stretches that needed no reading: the chunks [from, to), and how many bytes they are. */
  skipped: (pairIndex: number, from: number, to: number, bytes: number) => void;
}

function knownOf(found: Knowledge, index: number): Known {
  const state = found.states[index];
  if (state === chunkState.blank) return 'blank';
  return state === chunkState.digest ? digestOf(found, index) : 'unknown';
}

/**
 * Writes the new maps from results that come in any order. What waits for its turn is bounded by what lanes have at
 * once.
 */
class MapAssembly {
  readonly unread = new UnreadTally();
  readonly #options: ReceiveOptions;
  readonly #pending: Stretch[] = [];
  readonly #results = new Map<number, StripResult>();
  #writer: { pair: number; map: MapWriter } | null = null;

  constructor(options: ReceiveOptions) {
    this.#options = options;
  }

  expect(stretch: Stretch): void {
    this.#pending.push(stretch);
    this.#drain();
  }

  take(result: StripResult): void {
    this.#results.set(result.number, result);
    this.#drain();
  }

  finish(): void {
    this.#drain();
    if (this.#pending.length > 0) throw new Error(`${this.#pending.length} strips gave no result`);
    this.#close();
  }

  abandon(): void {
    this.#writer?.map.abandon();
    this.#writer = null;
  }

  #drain(): void {
    for (;;) {
      const stretch = this.#pending[0];
      if (stretch === undefined) return;
      const result = stretch.kind === 'strip' ? this.#results.get(stretch.order.number) : undefined;
      if (stretch.kind === 'strip' && result === undefined) return;
      this.#pending.shift();
      const map = this.#mapOf(stretch);
      if (stretch.kind === 'blank') {
        map.blankUntil(stretch.to);
      } else if (result !== undefined) {
        const { found, unread = [] } = result;
        this.#results.delete(stretch.order.number);
        for (const range of unread) this.unread.add(stretch.pair.number, range);
        const { firstChunk, chunks } = stretch.order.strip;
        for (let index = 0; index < chunks; index += 1) map.append(firstChunk + index, knownOf(found, index));
      }
    }
  }

  #mapOf({ pair }: Stretch): MapWriter {
    if (this.#writer?.pair === pair.number) return this.#writer.map;
    this.#close();
    const { store, receiving } = this.#options;
    const { epoch, cycle } = receiving;
    const map = new MapWriter(store.disk, { group: store.record.definition.id, pair: pair.number, epoch, cycle });
    this.#writer = { pair: pair.number, map };
    return map;
  }

  #close(): void {
    this.#writer?.map.finish();
    this.#writer = null;
  }
}

/**
 * Brings the replica to what the source holds. When it resolves, replica, journals and maps are durable. The replica is
 * flushed before anything of it is saved: what a killed process, or production itself, wrote there and never flushed
 * would else be in the journal's digests and gone from the volume after a power cut. Where a flush fails, the record
 * says so: the cycle can only be rolled back then. Gives what could not be read and was passed over.
 */
export async function receive(options: ReceiveOptions): Promise<UnreadOfPair[]> {
  try {
    const { pairs } = options.receiving;
    for (const { number } of pairs) options.targets.get(number).flush();
    noteWitnesses(options.store, options.sources, options.targets, new Date());
    const saves = pairs.some((pair) => pair.save === 'journal');
    makeJournals(options.store, saves ? options.laneCount : 0, new Date());
    return await receiveAll(options);
  } catch (error) {
    noteFlushFailure(options.store, error, new Date());
    throw error;
  }
}

async function receiveAll(options: ReceiveOptions): Promise<UnreadOfPair[]> {
  const assembly = new MapAssembly(options);
  // Results may come from a thread's event, where a throw would reach nobody.
  const failures: Error[] = [];
  const lanes = options.lanes((result) => {
    try {
      if (failures.length === 0) assembly.take(result);
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  });
  const throwFailure = (): void => {
    const [first] = failures;
    if (first !== undefined) throw first;
  };
  const pairIndexes = new Map(byNumber(options.receiving.pairs).map((pair, index) => [pair.number, index]));
  try {
    for (const stretch of ordersOf(options)) {
      assembly.expect(stretch);
      if (stretch.kind === 'strip') {
        await lanes.give(stretch.order);
        throwFailure();
      } else {
        const { chunkSizeBytes } = options.store.record.definition.policy;
        const bytes = Math.min(stretch.to * chunkSizeBytes, stretch.pair.sizeBytes) - stretch.from * chunkSizeBytes;
        options.skipped(pairIndexes.get(stretch.pair.number) ?? 0, stretch.from, stretch.to, bytes);
      }
    }
    await lanes.finish();
    throwFailure();
    assembly.finish();
    options.store.disk.flushNames();
    return assembly.unread.pairs;
  } catch (error) {
    assembly.abandon();
    throw error;
  }
}
