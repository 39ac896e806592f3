/**
 * Whether a side had written anything of its own before a reprotect overwrote it: what the undo journal of that saved,
 * held against the digest map of the point that both sides had. It reads no volume, and of the journal its index alone.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { zeroDigest } from '../../engine/scan.ts';
import { MapReader } from '../../store/digest-map.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { mergeJournals } from '../../store/journal-merge.ts';
import { journalsOfPoint, openJournals, type Journal } from '../../store/journal-reader.ts';
import { comparePoints, type PairDefinition, type PointKey, type StoredPoint } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { otherSite } from '../states.ts';

/** Of more segments, and more chunks, it is not told: whoever reads a review does not wait for it. */
const segmentsAtMost = 4096;
const chunksAtMost = 200_000;

/** "none" with the point that the side held unchanged. */
export type OwnWrites = { kind: 'none'; since: PointKey } | { kind: 'some' | 'unknown' };

/** `next`: the point after `before` at its site. */
export function ownWrites(group: OpenGroup, site: SiteLetter, before: StoredPoint, next: StoredPoint): OwnWrites {
  const { store: other, state } = group.sides[otherSite(site)];
  const since = other?.record.position ?? null;
  if (other === null || state !== 'read' || since === null || comparePoints(since, before) > 0) {
    return { kind: 'unknown' };
  }
  // Of a mix, or of volumes that have grown since, chunks differ from the map for other reasons.
  if (before.state !== 'usable' || before.shorter !== undefined) return { kind: 'unknown' };
  const segments = next.undo.reduce((sum, journal) => sum + journal.segments, 0);
  if (segments > segmentsAtMost) return { kind: 'unknown' };
  try {
    const { disk, record } = group.storeOf(site);
    const journals = openJournals(disk, journalsOfPoint(record.definition.id, next.undo), 'headers');
    try {
      const kind = saidByJournals(group, journals, { store: other, point: since });
      return kind === 'none' ? { kind, since } : { kind };
    } finally {
      for (const journal of journals) journal.close();
    }
  } catch {
    // What is damaged is told where it is gone to, or looked at.
    return { kind: 'unknown' };
  }
}

interface Mapped {
  store: GroupStore;
  point: PointKey;
}

function saidByJournals(group: OpenGroup, journals: readonly Journal[], mapped: Mapped): OwnWrites['kind'] {
  const chunks = journals
    .flatMap((journal) => journal.segments)
    .reduce((sum, { header }) => sum + header.recordCount, 0);
  if (chunks > chunksAtMost) return 'unknown';
  const { pairs, policy } = group.definition;
  const maps = new Map<number, MapReader>();
  let kind: OwnWrites['kind'] = 'none';
  try {
    for (const { pair: number, chunk, entries } of mergeJournals(journals)) {
      const pair = pairs.find((one) => one.number === number);
      if (pair === undefined) continue;
      const map = maps.get(number) ?? mapOf(mapped, pair);
      maps.set(number, map);
      const known = map.lookup(chunk);
      if (known === 'unknown') kind = 'unknown';
      else {
        const length = Math.min(policy.chunkSizeBytes, pair.sizeBytes - chunk * policy.chunkSizeBytes);
        const wanted = known === 'blank' ? zeroDigest(length) : known;
        if (!entries[0].record.oldDigest.equals(wanted)) return 'some';
      }
    }
    return kind;
  } finally {
    for (const map of maps.values()) map.close();
  }
}

function mapOf({ store, point: { epoch, cycle } }: Mapped, { number }: PairDefinition): MapReader {
  return new MapReader(store.disk, { group: store.record.definition.id, pair: number, epoch, cycle });
}
