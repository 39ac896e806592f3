/**
 * What an inspection is asked, and its pairs cut into strips. Stretches that need no reading are passed over here, so
 * that time grows with data, not with size; a sample looks at single chunks instead.
 */
import { createHash } from 'node:crypto';
import type { Steering } from '../../engine/control.ts';
import { chunkState, emptyKnowledge, setKnown, type Knowledge } from '../../engine/knowledge.ts';
import type { Unreadable } from '../../engine/scan.ts';
import { MapReader } from '../../store/digest-map.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { byNumber } from '../../store/pairs.ts';
import { chunkCount, type PairDefinition, type PointKey } from '../../store/record.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import type { StripOrder } from './lane.ts';

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
  /** What becomes of chunks of the targets that cannot be read, where those are held against maps. */
  unreadable: Unreadable;
}

/** A step of the way: a strip to be read, or a stretch of holes. Both in chunks of the pair. */
export type InspectionStep =
  | { kind: 'strip'; pair: PairDefinition; order: StripOrder }
  /** `known`: whether something can be said of it, which is that it is as it should be. */
  | { kind: 'hole'; pair: PairDefinition; pairIndex: number; from: number; to: number; known: boolean };

/** All steps of an inspection, pairs by their numbers, chunks ascending. */
export function* stepsOf(
  inspection: Inspection,
  places: { sources: VolumeSet; targets: VolumeSet },
): Generator<InspectionStep> {
  const { chunkSize, against, samples } = inspection;
  let number = 0;
  for (const [pairIndex, pair] of byNumber(inspection.pairs).entries()) {
    const chunks = chunkCount(pair.sizeBytes, chunkSize);
    const reader =
      against === null
        ? null
        : new MapReader(against.store.disk, {
            group: against.store.record.definition.id,
            pair: pair.number,
            ...against.point,
          });
    const strip = (firstChunk: number, count: number): InspectionStep => {
      const known = knowledgeFrom(reader, firstChunk, count);
      const place = { pairIndex, firstChunk, chunks: count, chunkSize, sizeBytes: pair.sizeBytes };
      number += 1;
      const order = { number: number - 1, pair: pair.number, save: 'discard' as const, strip: place, known };
      return { kind: 'strip', pair, order };
    };
    try {
      if (samples !== null && samples < chunks) {
        const { id } = pair;
        const seed = JSON.stringify({ group: against?.store.record.definition.id, id, ...against?.point });
        for (const chunk of sampled(chunks, samples, seed)) yield strip(chunk, 1);
        continue;
      }
      for (let from = 0; from < chunks;) {
        const hole = holeAt(from, chunks, pair, reader, inspection, places);
        if (hole.to > from) yield { kind: 'hole', pair, pairIndex, from, ...hole };
        const count = Math.min(chunks - hole.to, Math.max(1, Math.floor(stripBytes / chunkSize)));
        if (hole.to === from) yield strip(from, count);
        from = hole.to > from ? hole.to : from + count;
      }
    } finally {
      reader?.close();
    }
  }
}

/**
 * One chunk out of each of `samples` equal parts, ascending, drawn from the seed: whoever asks about the same point
 * twice, before and after something was accepted, is told the same, unless the volumes are others.
 */
function* sampled(chunks: number, samples: number, seed: string): Generator<number> {
  for (let n = 0; n < samples; n += 1) {
    const from = Math.floor((n * chunks) / samples);
    const to = Math.max(from + 1, Math.floor(((n + 1) * chunks) / samples));
    const drawn = createHash('sha256').update(`${seed} ${n}`).digest().readUInt32LE() / 2 ** 32;
    yield from + Math.floor(drawn * (to - from));
  }
}

/** How far from chunk `from` on nothing has to be read: holes at the target, and at the source or blank in the map. */
function holeAt(
  from: number,
  chunks: number,
  pair: PairDefinition,
  reader: MapReader | null,
  { chunkSize, against }: Inspection,
  places: { sources: VolumeSet; targets: VolumeSet },
): { to: number; known: boolean } {
  const nextData = (volumes: VolumeSet): number => {
    const volume = volumes.get(pair.number);
    assertLargeEnough(volume, pair.sizeBytes);
    const data = volume.nextData(from * chunkSize, pair.sizeBytes);
    return data === null ? chunks : Math.floor(data.start / chunkSize);
  };
  const limit = nextData(places.targets);
  if (limit <= from) return { to: from, known: false };
  if (against === null) return { to: Math.min(limit, nextData(places.sources)), known: true };
  const run = reader?.run(from, limit) ?? { kind: 'unknown', to: limit };
  return run.kind === 'digest' ? { to: from, known: false } : { to: run.to, known: run.kind === 'blank' };
}

/** What a map says of chunks [first, first + count); without one, nothing. */
export function knowledgeFrom(reader: MapReader | null, first: number, count: number): Knowledge {
  const known = emptyKnowledge(count);
  for (let index = 0; reader !== null && index < count; index += 1) {
    const entry = reader.lookup(first + index);
    if (entry === 'blank') setKnown(known, index, chunkState.blank);
    else if (entry !== 'unknown') setKnown(known, index, chunkState.digest, entry);
  }
  return known;
}
