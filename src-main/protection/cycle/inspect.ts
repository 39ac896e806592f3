/**
 * Reading without writing: a site's volumes against a set of digest maps, or both sides byte for byte; all of it, or a
 * stratified sample (one random chunk out of each of many equal parts, so that no region is missed by chance).
 */
import { marks } from '../../engine/chunk-map.ts';
import { LaneControl } from '../../engine/control.ts';
import { chunkState } from '../../engine/knowledge.ts';
import { bytesOf } from '../../engine/scan.ts';
import type { Tally } from '../../store/as-mapped.ts';
import type { PairDefinition } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { volumePlatform } from '../../volumes/platform.ts';
import { asSitepairError } from '../errors.ts';
import { InlineLanes } from './inline-lanes.ts';
import { InspectLane } from './inspect-lane.ts';
import { stepsOf, type Inspection } from './inspect-orders.ts';
import type { LaneWorkerData } from './lane-messages.ts';
import type { StripResult } from './lane.ts';
import type { Lanes } from './receive.ts';
import { WorkerLanes } from './worker-lanes.ts';

export interface InspectionResult {
  /** Differing ranges, neighbours joined, ascending; offsets and lengths in bytes. */
  differing: { pair: number; offset: number; length: number }[];
  /** Ranges of which nothing can be said, as no digest is known; as `differing`. */
  unknown: { pair: number; offset: number; length: number }[];
  /** Ranges that could not be read, where that is passed over: those blocks and no whole chunks; as `differing`. */
  unreadable: { pair: number; offset: number; length: number }[];
  /** Chunks of which something could be said. */
  looked: number;
  /** Of them, how many differ. */
  differingChunks: number;
  /** How many chunks hold what, by the pair's number; only against maps. */
  tallies: ReadonlyMap<number, Tally>;
  /** Bytes looked at, and bytes in all pairs. */
  bytesLooked: number;
  bytesTotal: number;
}

type Ranges = InspectionResult['differing'];

/** Adds the chunks from `from` to `to`, which come after all that are there. */
function addChunks(ranges: Ranges, pair: PairDefinition, chunkSize: number, from: number, to: number): void {
  const offset = from * chunkSize;
  const length = Math.min(to * chunkSize, pair.sizeBytes) - offset;
  const last = ranges.at(-1);
  if (last?.pair === pair.number && last.offset + last.length === offset) last.length += length;
  else ranges.push({ pair: pair.number, offset, length });
}

function joinRanges(differing: Map<number, number[]>, inspection: Inspection): Ranges {
  const ranges: Ranges = [];
  for (const pair of inspection.pairs) {
    const chunks = (differing.get(pair.number) ?? []).sort((a, b) => a - b);
    for (const chunk of chunks) addChunks(ranges, pair, inspection.chunkSize, chunk, chunk + 1);
  }
  return ranges;
}

function added(to: Tally | undefined, { fitting, strange, empty }: Tally): Tally {
  if (to === undefined) return { fitting, strange, empty };
  return { fitting: to.fitting + fitting, strange: to.strange + strange, empty: to.empty + empty };
}

/** The volumes as the calling thread sees them. */
interface Places {
  sources: VolumeSet;
  targets: VolumeSet;
}

interface Readers {
  lanes: Lanes;
  /** Lets go of threads, after the end or an error. */
  release: () => Promise<unknown>;
}

/**
 * A sample is read in the calling thread, in less time than a thread takes to start; all of a volume by lanes of their
 * own.
 */
function readersOf(inspection: Inspection, places: Places, onResult: (result: StripResult) => void): Readers {
  const { steering, unreadable } = inspection;
  const { shared } = steering;
  const work = inspection.against === null ? 'bytes' : 'digests';
  if (inspection.samples !== null) {
    const lanes = new InlineLanes([new InspectLane({ control: shared, lane: 0, unreadable }, work, places)], onResult);
    return { lanes, release: () => Promise.resolve() };
  }
  const setups = Array.from({ length: shared.laneCount }, (_, lane): LaneWorkerData => ({
    setup: {
      lane,
      control: shared,
      identity: { group: '', epoch: 0, cycle: 0, attempt: 0 },
      chunkSize: inspection.chunkSize,
      unreadable,
    },
    work,
    pastCache: inspection.pastCache,
    storeFolder: '',
    paths: [...inspection.paths],
  }));
  const lanes = new WorkerLanes(setups, onResult);
  return { lanes, release: () => lanes.release(2000) };
}

/** Reads and compares. Throws what the volumes throw, and `cancelled`. */
export async function inspect(inspection: Inspection): Promise<InspectionResult> {
  const { chunkSize, against } = inspection;
  const differing = new Map<number, number[]>(inspection.pairs.map((pair) => [pair.number, []]));
  const unread = new Map<number, Ranges>(inspection.pairs.map((pair) => [pair.number, []]));
  const tallies = new Map<number, Tally>();
  const pairOf = new Map<number, number>();
  const opened = (side: 'source' | 'target'): VolumeSet =>
    new VolumeSet((pair) => volumePlatform().open(inspection.paths.get(pair)?.[side] ?? '', 'read'));
  const places = { sources: opened('source'), targets: opened('target') };
  const { lanes, release } = readersOf(inspection, places, (result) => {
    const pair = pairOf.get(result.number) ?? 0;
    pairOf.delete(result.number);
    const found = differing.get(pair);
    for (const chunk of result.differing) found?.push(chunk);
    const blocks = unread.get(pair);
    for (const { start, end } of result.unread ?? []) blocks?.push({ pair, offset: start, length: end - start });
    if (result.tally !== undefined) tallies.set(pair, added(tallies.get(pair), result.tally));
  });
  const counter = LaneControl.above(inspection.steering.shared);
  const unknown: Ranges = [];
  let looked = 0;
  let bytesLooked = 0;
  try {
    for (const step of stepsOf(inspection, places)) {
      if (step.kind === 'hole') {
        counter.checkpoint();
        const bytes = Math.min(step.to * chunkSize, step.pair.sizeBytes) - step.from * chunkSize;
        counter.add(step.pairIndex, 'bytesSkipped', bytes);
        counter.mark(step.pairIndex, step.from, step.to, marks.hole);
        if (step.known) looked += step.to - step.from;
        else addChunks(unknown, step.pair, chunkSize, step.from, step.to);
        bytesLooked += bytes;
        continue;
      }
      const { order } = step;
      pairOf.set(order.number, order.pair);
      const { states } = order.known;
      looked += states.length;
      const { firstChunk } = order.strip;
      for (let index = 0; against !== null && index < states.length; index += 1) {
        if (states[index] !== chunkState.unknown) continue;
        looked -= 1;
        addChunks(unknown, step.pair, chunkSize, firstChunk + index, firstChunk + index + 1);
      }
      const { start, end } = bytesOf(order.strip);
      bytesLooked += end - start;
      await lanes.give(order);
    }
    await lanes.finish();
  } catch (error) {
    throw asSitepairError(error);
  } finally {
    await release();
    places.sources.close();
    places.targets.close();
  }
  const bytesTotal = inspection.pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
  const differingChunks = [...differing.values()].reduce((sum, chunks) => sum + chunks.length, 0);
  return {
    differing: joinRanges(differing, inspection),
    unknown,
    unreadable: [...unread.values()].flatMap((blocks) => blocks.sort((a, b) => a.offset - b.offset)),
    looked,
    differingChunks,
    tallies,
    bytesLooked,
    bytesTotal,
  };
}
