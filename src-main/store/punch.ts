/**
 * After a point is complete, the zeros that its cycle wrote are punched to holes. Until then they hold their space, so
 * that a rollback needs none.
 */
import { digest } from './checksum.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals } from './journal-merge.ts';
import { journalsOfPoint, openJournals, type JournalWanted } from './journal-reader.ts';
import { readChunk } from './overlay.ts';
import { chunkCount, chunkLength, samePoint } from './record.ts';
import type { VolumeSet } from './volume-set.ts';

/**
 * Punches what the last completed cycle left; harmless to repeat. While the volumes are on their way to another point
 * nothing is done: what was zeros may hold data then. What production wrote since is left alone too.
 */
export function punchZeros(store: GroupStore, volumes: VolumeSet, now: Date): void {
  const { definition, points, punch, position, receiving, moving } = store.record;
  if (punch === null || receiving !== null || moving !== null) return;
  const point = points.find((one) => samePoint(one, punch));
  const chunkSize = definition.policy.chunkSizeBytes;
  const zeroDigests = new Map<number, Buffer>();
  const zeroDigest = (length: number): Buffer => {
    const known = zeroDigests.get(length) ?? digest(Buffer.alloc(length));
    zeroDigests.set(length, known);
    return known;
  };
  const wanted = point === undefined || !samePoint(position, punch) ? [] : journalsOfPoint(definition.id, point.undo);
  const lengths = definition.pairs.flatMap(({ sizeBytes }) => [
    Math.min(chunkSize, sizeBytes),
    chunkLength(sizeBytes, chunkSize, chunkCount(sizeBytes, chunkSize) - 1),
  ]);
  if (nameAny(store, wanted, new Set(lengths.map(zeroDigest)))) {
    const journals = openJournals(store.disk, wanted);
    try {
      for (const history of mergeJournals(journals)) {
        const pair = definition.pairs.find((one) => one.number === history.pair);
        const newest = history.entries.at(-1);
        if (pair === undefined || newest === undefined) continue;
        const length = chunkLength(pair.sizeBytes, chunkSize, history.chunk);
        if (!newest.record.newDigest.equals(zeroDigest(length))) continue;
        if (!digest(readChunk(volumes, pair, chunkSize, history.chunk)).equals(zeroDigest(length))) continue;
        const start = history.chunk * chunkSize;
        volumes.get(pair.number).punch({ start, end: start + length });
      }
    } finally {
      for (const journal of journals) journal.close();
    }
  }
  store.update({ punch: null }, now);
}

/**
 * Whether any of these digests lies in the journals' indexes. Most cycles wrote no zeros, and need no more than this.
 */
function nameAny(store: GroupStore, wanted: readonly JournalWanted[], digests: ReadonlySet<Buffer>): boolean {
  const journals = openJournals(store.disk, wanted, 'headers');
  try {
    return journals.some((journal) =>
      journal.segments.some((place) => [...digests].some((one) => journal.indexHolds(place, one))),
    );
  } finally {
    for (const journal of journals) journal.close();
  }
}
