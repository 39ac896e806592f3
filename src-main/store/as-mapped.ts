/**
 * Whether volumes are those that hold a point, by its digest maps: a few chunks of each are looked at, spread over it.
 * Two machines made from one template have much in common, so that one chunk that fits is no proof here.
 */
import type { ByteRange } from '../volumes/volume.ts';
import { digest } from './checksum.ts';
import { MapReader, type Known } from './digest-map.ts';
import { isBlank, strangersChunks } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import { chunkIfReadable } from './overlay.ts';
import { chunkCount, type PairDefinition, type PointKey } from './record.ts';
import type { VolumeSet } from './volume-set.ts';

/** How many chunks of a volume, of those of which the map tells something, hold what. */
export interface Tally {
  /** Data, which is what the map says. */
  fitting: number;
  /** Data that is not what the map says. */
  strange: number;
  /** Zeros, where the map says that there is data. */
  empty: number;
}

/** Chunks of a volume that are looked at, at most. */
const chunksLookedAt = 16;
/** Of so many that cannot be read no more is asked: a dying disk takes its time for each. */
const unreadAtMost = 4;

/**
 * What a chunk is by its map; null where that tells nothing. Zeros that should be there are no sign of anything,
 * whether the map calls them blank or, as where a journal told what was there before, by their digest.
 */
function toldByMap(content: Buffer, known: Known): keyof Tally | null {
  if (known === 'unknown') return null;
  const blank = isBlank(content);
  if (known === 'blank') return blank ? null : 'strange';
  const asTold = digest(content).equals(known);
  if (blank) return asTold ? null : 'empty';
  return asTold ? 'fitting' : 'strange';
}

/** Whether a volume can be no other than another one, or one that somebody has written all over. */
export function isAnother({ fitting, strange }: Tally): boolean {
  return strange >= strangersChunks && strange > fitting;
}

/** Whether so much is not as the map says that nothing is to be done on its word. */
export function isDoubtful({ fitting, strange, empty }: Tally): boolean {
  return strange + empty > fitting;
}

/** The next chunk of [from, to) of which the map says that there is data; `to` where it says that of none. */
function nextMapped(reader: MapReader, from: number, to: number): number {
  let chunk = from;
  while (chunk < to) {
    const run = reader.run(chunk, to);
    if (run.kind === 'digest') return chunk;
    chunk = run.to;
  }
  return to;
}

/**
 * Chunks of a pair to be looked at, ascending: of each of `parts` equal parts the first of which the map says that
 * there is data, or else the first that holds data; and where those are few, more of which the map says so.
 */
export function chunksToLookAt(
  store: GroupStore,
  pair: PairDefinition,
  { volumes, point, parts = chunksLookedAt }: Omit<MapLook, 'checkpoint'>,
): number[] {
  const { chunkSizeBytes: size } = store.record.definition.policy;
  const chunks = chunkCount(pair.sizeBytes, size);
  const chosen = new Set<number>();
  const reader = mapOf(store, pair, point);
  try {
    const all = Math.min(chunks, parts);
    for (let part = 0; part < all; part += 1) {
      const [from, to] = [Math.floor((part * chunks) / all), Math.floor(((part + 1) * chunks) / all)];
      const mapped = nextMapped(reader, from, to);
      const data =
        mapped < to ? null : volumes.get(pair.number).nextData(from * size, Math.min(to * size, pair.sizeBytes));
      if (mapped < to) chosen.add(mapped);
      else if (data !== null) chosen.add(Math.floor(data.start / size));
    }
    let chunk = nextMapped(reader, 0, chunks);
    for (; chosen.size < all && chunk < chunks; chunk = nextMapped(reader, chunk + 1, chunks)) chosen.add(chunk);
    return [...chosen].sort((a, b) => a - b);
  } finally {
    reader.close();
  }
}

function mapOf({ disk, record }: GroupStore, { number }: PairDefinition, { epoch, cycle }: PointKey): MapReader {
  return new MapReader(disk, { group: record.definition.id, pair: number, epoch, cycle });
}

export interface MapLook {
  volumes: VolumeSet;
  point: PointKey;
  /** How many chunks of a volume are looked at. */
  parts?: number;
  /** Called between chunks; throws to stop. */
  checkpoint: () => void;
  /** Told of a block, bytes, that cannot be read: its chunk says nothing of what the volume is. */
  unread?: (block: ByteRange) => void;
}

/** What the map of a point tells of these chunks of a pair's volume, which are ascending. */
export function tallyOf(
  store: GroupStore,
  pair: PairDefinition,
  chunks: readonly number[],
  { volumes, point, checkpoint, unread }: MapLook,
): Tally {
  const tally: Tally = { fitting: 0, strange: 0, empty: 0 };
  const { chunkSizeBytes } = store.record.definition.policy;
  const reader = mapOf(store, pair, point);
  let unreadable = 0;
  try {
    for (const chunk of chunks) {
      checkpoint();
      const content = chunkIfReadable(volumes, pair, chunkSizeBytes, chunk, (block) => unread?.(block));
      if (content === null) {
        unreadable += 1;
        if (unreadable === unreadAtMost) break;
        continue;
      }
      const told = toldByMap(content, reader.lookup(chunk));
      if (told !== null) tally[told] += 1;
      // What is still to come cannot outnumber these.
      if (tally.fitting > chunks.length / 2) break;
    }
    return tally;
  } finally {
    reader.close();
  }
}
