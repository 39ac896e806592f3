/** The pairs that a run will go through, open for reading, and their chunks that hold data counted in one row. */
import { MapReader } from '../../store/digest-map.ts';
import type { GroupStore } from '../../store/group-store.ts';
import type { PairDefinition, ReceivingPair } from '../../store/record.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import type { VolumeHandle, VolumePlatform } from '../../volumes/volume.ts';
import { dataChunks, type ChunkRange } from './data-chunks.ts';

/** How a pair will be gone through. */
export interface PairPlan {
  pair: PairDefinition;
  source: string;
  /** Null where it will be made: then it is blank. */
  target: string | null;
  /** What becomes of the target's content. */
  save: ReceivingPair['save'];
  /** Set where the target may turn out to be blank: a run reads it first, up to what is not zero. */
  mayBeBlank?: true;
  /** Whether what the target holds is told by its digest map, so that it is read only where it differs. */
  mapped: boolean;
}

export interface PairAhead extends Omit<PairPlan, 'source' | 'target'> {
  source: VolumeHandle;
  target: VolumeHandle | null;
  map: MapReader | null;
  ranges: ChunkRange[];
  /** Of each range, how many chunks that hold data come before it. */
  before: number[];
  /** How many of its chunks hold data. */
  chunks: number;
  /** Bytes that are read of the source at most, and of the target where no map tells what it holds. */
  sourceBytes: number;
  targetBytes: number;
  /** The first byte of the first chunk of the target in which the look has come upon anything but zeros. */
  firstHeld: number | null;
}

/** A chunk of a pair, by its index in the volume. */
export interface PlaceOfChunk {
  ahead: PairAhead;
  chunk: number;
}

export class PairsAhead {
  readonly pairs: readonly PairAhead[];

  private constructor(pairs: readonly PairAhead[]) {
    this.pairs = pairs;
  }

  /** Throws what the volumes throw, and `volume-changed` for one that is too small. The caller closes it. */
  static open(plans: readonly PairPlan[], platform: VolumePlatform, store: GroupStore, chunkSize: number): PairsAhead {
    const opened: PairAhead[] = [];
    try {
      for (const plan of plans) opened.push(openPair(plan, platform, store, chunkSize));
    } catch (error) {
      new PairsAhead(opened).close();
      throw error;
    }
    return new PairsAhead(opened);
  }

  /** All chunks that hold data. */
  get chunks(): number {
    return this.pairs.reduce((sum, { chunks }) => sum + chunks, 0);
  }

  /** The chunk with this number among those that hold data. */
  placeOf(number: number): PlaceOfChunk {
    let left = number;
    for (const ahead of this.pairs) {
      if (left >= ahead.chunks) {
        left -= ahead.chunks;
        continue;
      }
      let [low, high] = [0, ahead.ranges.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((ahead.before[middle] ?? 0) <= left) low = middle;
        else high = middle - 1;
      }
      return { ahead, chunk: (ahead.ranges[low]?.from ?? 0) + left - (ahead.before[low] ?? 0) };
    }
    throw new RangeError(`there is no chunk ${number}`);
  }

  close(): void {
    for (const { source, target, map } of this.pairs) {
      source.close();
      target?.close();
      map?.close();
    }
  }
}

function openPair(plan: PairPlan, platform: VolumePlatform, store: GroupStore, chunkSize: number): PairAhead {
  const { pair, mapped } = plan;
  const handles: { close(): void }[] = [];
  const kept = <T extends { close(): void }>(handle: T): T => {
    handles.push(handle);
    return handle;
  };
  try {
    const source = kept(platform.open(plan.source, 'read'));
    const target = plan.target === null ? null : kept(platform.open(plan.target, 'read'));
    assertLargeEnough(source, pair.sizeBytes);
    if (target !== null) assertLargeEnough(target, pair.sizeBytes);
    const { position, definition } = store.record;
    const map =
      !mapped || position === null
        ? null
        : kept(new MapReader(store.disk, { group: definition.id, pair: pair.number, ...position }));
    const bytesIn = (ranges: readonly ChunkRange[]): number =>
      ranges.reduce((sum, { from, to }) => sum + Math.min(pair.sizeBytes, to * chunkSize) - from * chunkSize, 0);
    const ofSource = dataChunks([source], pair.sizeBytes, chunkSize);
    const ofTarget = target === null ? [] : dataChunks([target], pair.sizeBytes, chunkSize);
    const ranges = dataChunks(target === null ? [source] : [source, target], pair.sizeBytes, chunkSize);
    let chunks = 0;
    const before = ranges.map(({ from, to }) => (chunks += to - from) - (to - from));
    return {
      ...plan,
      source,
      target,
      map,
      ranges,
      before,
      chunks,
      sourceBytes: bytesIn(ofSource),
      targetBytes: map === null ? bytesIn(ofTarget) : 0,
      firstHeld: null,
    };
  } catch (error) {
    for (const handle of handles) handle.close();
    throw error;
  }
}
