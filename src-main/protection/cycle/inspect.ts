/**
 * Reading without writing: a site's volumes against a set of digest maps, or both sides byte for byte; all of it, or a
 * stratified sample (one random chunk out of each of many equal parts, so that no region is missed by chance).
 */
import type { Steering } from '../../engine/control.ts';
import { chunkState, emptyKnowledge, setKnown, type Knowledge } from '../../engine/knowledge.ts';
import { MapReader } from '../../store/digest-map.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { chunkCount, type PairDefinition, type PointKey } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { volumePlatform } from '../../volumes/platform.ts';
import { asSitepairError } from '../errors.ts';
import { InlineLanes } from './inline-lanes.ts';
import { InspectLane } from './inspect-lane.ts';
import type { LaneWorkerData } from './lane-messages.ts';
import type { StripOrder, StripResult } from './lane.ts';
import type { Lanes } from './receive.ts';
import { WorkerLanes } from './worker-lanes.ts';

const stripBytes = 16 << 20;

export interface Inspection {
  steering: Steering;
  pairs: readonly PairDefinition[];
  chunkSize: number;
  /** Where volumes lie, by the pair's number. `source` is read only when bytes are compared. */
  paths: ReadonlyMap<number, { source: string; target: string }>;
  /** Whose digest maps to hold the targets against; null: both sides byte for byte. */
  against: { store: GroupStore; point: PointKey } | null;
  /** Chunks a pair, or null for all. A sample is read by the calling thread. */
  samples: number | null;
  /** Whether all is read past the page cache where the platform can. */
  pastCache: boolean;
}

export interface InspectionResult {
  /** Differing ranges, neighbours joined, ascending; offsets and lengths in bytes. */
  differing: { pair: number; offset: number; length: number }[];
  /** Chunks of which something could be said. */
  looked: number;
  /** Of them, how many differ. */
  differingChunks: number;
  /** Bytes looked at, and bytes in all pairs. */
  bytesLooked: number;
  bytesTotal: number;
}

/** The chunks to look at: runs of [first, count]. */
function* runsOf(chunks: number, perStrip: number, samples: number | null): Generator<[number, number]> {
  if (samples === null || samples >= chunks) {
    for (let first = 0; first < chunks; first += perStrip) yield [first, Math.min(perStrip, chunks - first)];
    return;
  }
  for (let n = 0; n < samples; n += 1) {
    const from = Math.floor((n * chunks) / samples);
    const to = Math.max(from + 1, Math.floor(((n + 1) * chunks) / samples));
    yield [from + Math.floor(Math.random() * (to - from)), 1];
  }
}

function knowledgeFrom(reader: MapReader | null, first: number, count: number): Knowledge {
  const known = emptyKnowledge(count);
  for (let index = 0; reader !== null && index < count; index += 1) {
    const entry = reader.lookup(first + index);
    if (entry === 'blank') setKnown(known, index, chunkState.blank);
    else if (entry !== 'unknown') setKnown(known, index, chunkState.digest, entry);
  }
  return known;
}

function* ordersOf(inspection: Inspection): Generator<StripOrder> {
  const { chunkSize, against } = inspection;
  let number = 0;
  for (const [pairIndex, pair] of inspection.pairs.entries()) {
    const chunks = chunkCount(pair.sizeBytes, chunkSize);
    const reader =
      against === null
        ? null
        : new MapReader(against.store.disk, {
            group: against.store.record.definition.id,
            pair: pair.number,
            ...against.point,
          });
    try {
      for (const [firstChunk, count] of runsOf(
        chunks,
        Math.max(1, Math.floor(stripBytes / chunkSize)),
        inspection.samples,
      )) {
        const known = knowledgeFrom(reader, firstChunk, count);
        const strip = { pairIndex, firstChunk, chunks: count, chunkSize, sizeBytes: pair.sizeBytes };
        yield { number, pair: pair.number, save: 'discard', strip, known };
        number += 1;
      }
    } finally {
      reader?.close();
    }
  }
}

function joinRanges(differing: Map<number, number[]>, inspection: Inspection): InspectionResult['differing'] {
  const ranges: InspectionResult['differing'] = [];
  for (const pair of inspection.pairs) {
    const chunks = (differing.get(pair.number) ?? []).sort((a, b) => a - b);
    for (const chunk of chunks) {
      const offset = chunk * inspection.chunkSize;
      const length = Math.min(inspection.chunkSize, pair.sizeBytes - offset);
      const last = ranges.at(-1);
      if (last?.pair === pair.number && last.offset + last.length === offset) last.length += length;
      else ranges.push({ pair: pair.number, offset, length });
    }
  }
  return ranges;
}

interface Readers {
  lanes: Lanes;
  /** Lets go of volumes and threads, after the end or an error. */
  release: () => Promise<unknown>;
}

/**
 * A sample is read in the calling thread, in less time than a thread takes to start; all of a volume by lanes of their
 * own.
 */
function readersOf(inspection: Inspection, onResult: (result: StripResult) => void): Readers {
  const { shared } = inspection.steering;
  const work = inspection.against === null ? 'bytes' : 'digests';
  if (inspection.samples !== null) {
    const opened = (side: 'source' | 'target'): VolumeSet =>
      new VolumeSet((pair) => volumePlatform().open(inspection.paths.get(pair)?.[side] ?? '', 'read'));
    const places = { sources: opened('source'), targets: opened('target') };
    const lanes = new InlineLanes([new InspectLane({ control: shared, lane: 0 }, work, places)], onResult);
    const release = (): Promise<void> => {
      places.sources.close();
      places.targets.close();
      return Promise.resolve();
    };
    return { lanes, release };
  }
  const setups = Array.from({ length: shared.laneCount }, (_, lane): LaneWorkerData => ({
    setup: {
      lane,
      control: shared,
      identity: { group: '', epoch: 0, cycle: 0, attempt: 0 },
      chunkSize: inspection.chunkSize,
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
  const differing = new Map<number, number[]>();
  const pairOf = new Map<number, number>();
  let differingChunks = 0;
  const { lanes, release } = readersOf(inspection, (result) => {
    const pair = pairOf.get(result.number) ?? 0;
    pairOf.delete(result.number);
    differingChunks += result.differing.length;
    if (result.differing.length > 0) differing.set(pair, [...(differing.get(pair) ?? []), ...result.differing]);
  });
  let looked = 0;
  let bytesLooked = 0;
  try {
    for (const order of ordersOf(inspection)) {
      pairOf.set(order.number, order.pair);
      looked += order.known.states.reduce(
        (sum, state) => sum + (inspection.against === null || state !== chunkState.unknown ? 1 : 0),
        0,
      );
      bytesLooked += Math.min(
        order.strip.chunks * inspection.chunkSize,
        order.strip.sizeBytes - order.strip.firstChunk * inspection.chunkSize,
      );
      await lanes.give(order);
    }
    await lanes.finish();
  } catch (error) {
    throw asSitepairError(error);
  } finally {
    await release();
  }
  const bytesTotal = inspection.pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
  return { differing: joinRanges(differing, inspection), looked, differingChunks, bytesLooked, bytesTotal };
}
