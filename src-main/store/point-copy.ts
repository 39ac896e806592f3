/**
 * A writable copy of a point, made while the replica goes on being replicated to. First what the replica holds is read;
 * then the journals that are there by then are put over it, and every chunk that a digest is known of is held against
 * it (point-way.ts). The replica and its store are only ever read.
 *
 * Both go in small steps, so that whoever drives them can stop in between.
 */
import { digest } from './checksum.ts';
import type { MapReader } from './digest-map.ts';
import { blockBytes } from './journal-format.ts';
import type { ChunkHistory } from './journal-merge.ts';
import { putContent, readChunk } from './overlay.ts';
import { byNumber } from './pairs.ts';
import type { PointWay } from './point-way.ts';
import { differingRanges } from './receiver.ts';
import { chunkCount, type PairDefinition } from './record.ts';
import type { VolumeSet } from './volume-set.ts';

/** How much is read at a time, bytes. */
const usualPieceBytes = 1 << 20;

export interface CopyPlaces {
  way: PointWay;
  /** The replica's volumes; read only. */
  replica: VolumeSet;
  /** The files of the copy: of zeros, or clones of the replica's. */
  copy: VolumeSet;
  /** How much is read at a time, bytes; a chunk may come in several pieces. */
  pieceBytes?: number;
}

/** A range of a pair that was gone through, bytes, and how much was written to the copy for it. */
export interface CopyStep {
  pair: number;
  start: number;
  end: number;
  bytesRead: number;
  bytesWritten: number;
  /** Of data that no digest is known of, so that nothing says whether it is what the point held. */
  bytesUnknown: number;
}

/** A chunk of the copy that is not what the point holds; bytes. */
export interface WrongChunk {
  pair: number;
  offset: number;
  length: number;
}

const nothing = { bytesRead: 0, bytesWritten: 0, bytesUnknown: 0 };

/** Puts what a pair's replica holds now into its copy, in which there are zeros. Holes stay holes. */
export function* readReplica(places: CopyPlaces, pair: PairDefinition): Generator<CopyStep> {
  const { pieceBytes = usualPieceBytes } = places;
  const volume = places.replica.get(pair.number);
  let at = 0;
  while (at < pair.sizeBytes) {
    const data = volume.nextData(at, pair.sizeBytes);
    const start = data?.start ?? pair.sizeBytes;
    if (start > at) yield { pair: pair.number, start: at, end: start, ...nothing };
    at = start;
    while (data !== null && at < data.end) {
      const end = Math.min(data.end, at + pieceBytes);
      const bytesWritten = copyRange(places, pair, at, end);
      yield { pair: pair.number, start: at, end, ...nothing, bytesRead: end - at, bytesWritten };
      at = end;
    }
  }
}

function copyRange({ way, replica, copy }: CopyPlaces, { number }: PairDefinition, start: number, end: number): number {
  const block = blockBytes(way.store.record.definition.policy.chunkSizeBytes);
  const content = Buffer.alloc(end - start);
  replica.get(number).read(content, start);
  let written = 0;
  for (const range of differingRanges(Buffer.alloc(content.length), content, block)) {
    copy.get(number).write(content.subarray(range.start, range.end), start + range.start);
    written += range.end - range.start;
  }
  return written;
}

/**
 * Brings the copies to the point, and adds the chunks to `wrong` that are not what it says. Chunks that a repair wrote
 * while they were read can show as such; `again` reads them once more.
 */
export function* settle(
  places: CopyPlaces,
  pairs: readonly PairDefinition[],
  wrong: WrongChunk[],
): Generator<CopyStep> {
  const journals = places.way.journals();
  try {
    const histories = places.way.histories(journals);
    let next = histories.next();
    for (const pair of byNumber(pairs)) {
      while (next.done !== true && next.value.pair < pair.number) next = histories.next();
      const { chunkSizeBytes } = places.way.store.record.definition.policy;
      const chunks = chunkCount(pair.sizeBytes, chunkSizeBytes);
      for (let chunk = 0; chunk < chunks;) {
        const history = next.done !== true && next.value.pair === pair.number ? next.value : null;
        // A cycle that came since may have made the pair larger.
        const due = nextChunk(places, pair, chunk, Math.min(history?.chunk ?? chunks, chunks));
        const step = { pair: pair.number, start: chunk * chunkSizeBytes, ...nothing };
        if (due > chunk) {
          yield { ...step, end: Math.min(due * chunkSizeBytes, pair.sizeBytes) };
          chunk = due;
          continue;
        }
        const of = history?.chunk === chunk ? history : null;
        const { written, found, length } = settleChunk(places, pair, chunk, of);
        if (found === 'wrong') wrong.push({ pair: pair.number, offset: chunk * chunkSizeBytes, length });
        const bytesUnknown = found === 'unknown' ? length : 0;
        if (of !== null) next = histories.next();
        chunk += 1;
        yield { ...step, end: step.start + length, bytesRead: length, bytesWritten: written, bytesUnknown };
      }
    }
  } finally {
    places.way.release(journals);
  }
}

/** The first chunk at or after `chunk` that has to be looked at; `limit` is one, or is where the volume ends. */
function nextChunk({ way, copy }: CopyPlaces, pair: PairDefinition, chunk: number, limit: number): number {
  const { chunkSizeBytes: size } = way.store.record.definition.policy;
  const map = way.mapOf(pair);
  let at = chunk;
  while (at < limit) {
    const run = runOf(map, at, limit);
    if (run.kind === 'digest') return at;
    // What is no hole here may hold data where the map says that there is none.
    const data = copy.get(pair.number).nextData(at * size, Math.min(run.to * size, pair.sizeBytes));
    if (data !== null) return Math.floor(data.start / size);
    at = run.to;
  }
  return limit;
}

function runOf(map: MapReader | null, chunk: number, limit: number): ReturnType<MapReader['run']> {
  return map?.run(chunk, limit) ?? { kind: 'unknown', to: limit };
}

function settleChunk(
  { way, copy }: CopyPlaces,
  pair: PairDefinition,
  chunk: number,
  history: ChunkHistory | null,
): { written: number; found: 'right' | 'wrong' | 'unknown'; length: number } {
  const { chunkSizeBytes } = way.store.record.definition.policy;
  const present = readChunk(copy, pair, chunkSizeBytes, chunk);
  const { entries, wanted } = way.chunkWay(pair, chunk, present.length, history);
  const fresh = entries.length === 0 ? present : Buffer.from(present);
  for (const entry of entries) putContent(fresh, entry);
  let written = 0;
  const changed = entries.length === 0 ? [] : differingRanges(present, fresh, blockBytes(chunkSizeBytes));
  for (const { start, end } of changed) {
    copy.get(pair.number).write(fresh.subarray(start, end), chunk * chunkSizeBytes + start);
    written += end - start;
  }
  const found = wanted === null ? 'unknown' : digest(fresh).equals(wanted) ? 'right' : 'wrong';
  return { written, found, length: fresh.length };
}

/**
 * Reads chunks from the replica once more, brings them to the point, and gives those that are still not what it says:
 * the replica is damaged there, or a journal is.
 */
export function again(
  places: CopyPlaces,
  pairs: readonly PairDefinition[],
  wrong: readonly WrongChunk[],
  checkpoint: () => void,
): WrongChunk[] {
  if (wrong.length === 0) return [];
  const { way, replica, copy } = places;
  const { chunkSizeBytes: size } = way.store.record.definition.policy;
  const known = new Map(pairs.map((pair) => [pair.number, pair]));
  const key = (pair: number, chunk: number): string => `${pair}/${chunk}`;
  const chunks = new Map(wrong.map((one) => [key(one.pair, one.offset / size), one]));
  for (const { pair, offset, length } of wrong) {
    checkpoint();
    const content = Buffer.alloc(length);
    replica.get(pair).read(content, offset);
    copy.get(pair).write(content, offset);
  }
  const journals = way.journals();
  try {
    const left = new Map(chunks);
    const still: WrongChunk[] = [];
    const look = (one: WrongChunk, history: ChunkHistory | null): void => {
      const pair = known.get(one.pair);
      const found = pair === undefined ? 'wrong' : settleChunk(places, pair, one.offset / size, history).found;
      if (found === 'wrong') still.push(one);
    };
    for (const history of way.histories(journals)) {
      checkpoint();
      const one = chunks.get(key(history.pair, history.chunk));
      if (one === undefined) continue;
      left.delete(key(history.pair, history.chunk));
      look(one, history);
    }
    for (const one of left.values()) look(one, null);
    return still.sort((a, b) => a.pair - b.pair || a.offset - b.offset);
  } finally {
    way.release(journals);
  }
}
