/**
 * Whether volumes are those that hold a point, by its digest maps: a few chunks of each are looked at, spread over it.
 * Two machines made from one template have much in common, so that one chunk that fits is no proof here.
 */
import { digest } from './checksum.ts';
import { MapReader, type Known } from './digest-map.ts';
import { isBlank, strangersChunks } from './evidence.ts';
import type { GroupStore } from './group-store.ts';
import { readChunk } from './overlay.ts';
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

/** What a chunk is by its map; null where that tells nothing. `known` and all zeros are no sign of anything. */
export function toldByMap(content: Buffer | null, known: Known): keyof Tally | null {
  if (known === 'unknown') return null;
  const blank = content === null || isBlank(content);
  if (known === 'blank') return blank ? null : 'strange';
  if (blank) return 'empty';
  return digest(content).equals(known) ? 'fitting' : 'strange';
}

/** Whether a volume can be no other than another one, or one that somebody has written all over. */
export function isAnother({ fitting, strange }: Tally): boolean {
  return strange >= strangersChunks && strange > fitting;
}

/** Whether so much is not as the map says that nothing is to be done on its word. */
export function isDoubtful({ fitting, strange, empty }: Tally): boolean {
  return strange + empty > fitting;
}

/**
 * Chunks of a pair to be looked at, ascending: of each of many equal parts the first of which the map says that there
 * is data; where it says that of none, the first that holds data.
 */
function* chunksToLookAt(
  reader: MapReader,
  volumes: VolumeSet,
  pair: PairDefinition,
  chunkSize: number,
): Generator<number> {
  const chunks = chunkCount(pair.sizeBytes, chunkSize);
  const parts = Math.min(chunks, chunksLookedAt);
  for (let part = 0; part < parts; part += 1) {
    const from = Math.floor((part * chunks) / parts);
    const to = Math.floor(((part + 1) * chunks) / parts);
    let chunk = from;
    for (; chunk < to;) {
      const run = reader.run(chunk, to);
      if (run.kind === 'digest') break;
      chunk = run.to;
    }
    if (chunk < to) yield chunk;
    else {
      const data = volumes.get(pair.number).nextData(from * chunkSize, Math.min(to * chunkSize, pair.sizeBytes));
      if (data !== null) yield Math.floor(data.start / chunkSize);
    }
  }
}

export interface MapLook {
  volumes: VolumeSet;
  point: PointKey;
  /** Called between chunks; throws to stop. */
  checkpoint: () => void;
}

/** What the map of a point tells of a pair's volume. */
export function tallyOf(store: GroupStore, pair: PairDefinition, { volumes, point, checkpoint }: MapLook): Tally {
  const { id, policy } = store.record.definition;
  const identity = { group: id, pair: pair.number, epoch: point.epoch, cycle: point.cycle };
  const tally: Tally = { fitting: 0, strange: 0, empty: 0 };
  const choosing = new MapReader(store.disk, identity);
  const reader = new MapReader(store.disk, identity);
  try {
    for (const chunk of chunksToLookAt(choosing, volumes, pair, policy.chunkSizeBytes)) {
      checkpoint();
      const told = toldByMap(readChunk(volumes, pair, policy.chunkSizeBytes, chunk), reader.lookup(chunk));
      if (told !== null) tally[told] += 1;
      // What is still to come cannot outnumber these.
      if (tally.fitting > chunksLookedAt / 2) break;
    }
    return tally;
  } finally {
    choosing.close();
    reader.close();
  }
}
