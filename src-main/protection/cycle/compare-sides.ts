/** Reading both sides of a group on lanes, each chunk held against the point that both come from. Writes nothing. */
import { marks } from '../../engine/chunk-map.ts';
import { LaneControl, type Steering } from '../../engine/control.ts';
import { chunkLength, type PairDefinition } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { volumePlatform } from '../../volumes/platform.ts';
import { asSitepairError } from '../errors.ts';
import type { LaneWorkerData } from './lane-messages.ts';
import type { StripResult } from './lane.ts';
import { leftOutFlag, noTally, sideClass, type SideTallies } from './side-classes.ts';
import { sidesStepsOf, type SidesPlaces } from './sides-orders.ts';
import { WorkerLanes } from './worker-lanes.ts';

/** How long lanes are waited for when they are let go, milliseconds. */
const patience = 2000;

export interface SidesComparison extends Omit<SidesPlaces, 'sources' | 'targets'> {
  steering: Steering;
  /** Where the volumes lie, by the pair's number. */
  paths: ReadonlyMap<number, { source: string; target: string }>;
  /** Told what every chunk is, in order: pairs as given, chunks [from, to) ascending. `found` is one of `sideClass`. */
  found: (pair: PairDefinition, from: number, to: number, found: number, leftOut: boolean) => void;
}

/** A step that was handed out: its chunks are told once all before them are. */
interface Pending {
  pair: PairDefinition;
  from: number;
  /** Of holes: where they end, and what they are. */
  hole: { to: number; is: number } | null;
  result: StripResult | null;
}

/** Results in the order of the volumes, though lanes end strips in another. */
class InOrder {
  readonly #found: SidesComparison['found'];
  readonly #strips = new Map<number, Pending>();
  #waiting: Pending[] = [];

  constructor(found: SidesComparison['found']) {
    this.#found = found;
  }

  expect(number: number, pair: PairDefinition, from: number): void {
    const pending = { pair, from, hole: null, result: null };
    this.#strips.set(number, pending);
    this.#waiting.push(pending);
  }

  /** The pair whose strip this was. */
  take(result: StripResult): PairDefinition | undefined {
    const pending = this.#strips.get(result.number);
    if (pending === undefined) return undefined;
    this.#strips.delete(result.number);
    pending.result = result;
    this.#tell();
    return pending.pair;
  }

  hole(pair: PairDefinition, from: number, to: number, is: number): void {
    this.#waiting.push({ pair, from, hole: { to, is }, result: null });
    this.#tell();
  }

  #tell(): void {
    let told = 0;
    for (const { pair, from, hole, result } of this.#waiting) {
      if (hole !== null) this.#found(pair, from, hole.to, hole.is, false);
      else if (result === null) break;
      else this.#tellStrip(pair, from, result.classes ?? new Uint8Array());
      told += 1;
    }
    if (told > 0) this.#waiting = this.#waiting.slice(told);
  }

  #tellStrip(pair: PairDefinition, first: number, classes: Uint8Array): void {
    for (let from = 0; from < classes.length;) {
      const found = classes[from] ?? 0;
      let to = from + 1;
      while (to < classes.length && classes[to] === found) to += 1;
      this.#found(pair, first + from, first + to, found & ~leftOutFlag, (found & leftOutFlag) !== 0);
      from = to;
    }
  }
}

/**
 * Compares; gives, by the pair's number, how much of either side fits what the point says, by which another volume is
 * told. Throws what the volumes throw, and `cancelled`.
 */
export async function compareSides(comparison: SidesComparison): Promise<ReadonlyMap<number, SideTallies>> {
  const { steering, pairs, chunkSize, paths } = comparison;
  const { shared } = steering;
  const tallies = new Map<number, SideTallies>(
    pairs.map(({ number }) => [number, { source: noTally(), target: noTally() }]),
  );
  const order = new InOrder(comparison.found);
  const opened = (side: 'source' | 'target'): VolumeSet =>
    new VolumeSet((pair) => volumePlatform().open(paths.get(pair)?.[side] ?? '', 'read'));
  const places = { ...comparison, sources: opened('source'), targets: opened('target') };
  const setups = Array.from({ length: shared.laneCount }, (_, lane): LaneWorkerData => ({
    setup: { lane, control: shared, identity: { group: '', epoch: 0, cycle: 0, attempt: 0 }, chunkSize },
    work: 'sides',
    pastCache: false,
    storeFolder: '',
    paths: [...paths],
  }));
  const lanes = new WorkerLanes(setups, (result) => {
    const pair = order.take(result);
    const sum = pair === undefined ? undefined : tallies.get(pair.number);
    if (sum === undefined || result.tallies === undefined) return;
    for (const side of ['source', 'target'] as const) {
      for (const name of ['fitting', 'strange', 'empty'] as const) sum[side][name] += result.tallies[side][name];
    }
  });
  const counter = LaneControl.above(shared);
  try {
    for (const step of sidesStepsOf(places)) {
      if (step.kind === 'strip') {
        order.expect(step.order.number, step.pair, step.order.strip.firstChunk);
        await lanes.give(step.order);
        continue;
      }
      counter.checkpoint();
      const { pair, pairIndex, from, to, known } = step;
      const last = (to - 1) * chunkSize + chunkLength(pair.sizeBytes, chunkSize, to - 1);
      counter.add(pairIndex, 'bytesSkipped', last - from * chunkSize);
      counter.mark(pairIndex, from, to, marks.hole);
      order.hole(pair, from, to, known ? sideClass.hole : sideClass.same);
    }
    await lanes.finish();
    return tallies;
  } catch (error) {
    throw asSitepairError(error);
  } finally {
    await lanes.release(patience);
    places.sources.close();
    places.targets.close();
  }
}
