/** What undo journals take in a store: beforehand by what they will hold, afterwards by their files. */
import type { Range } from '../../contract/forecast.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { pageBytes, segmentHeaderBytes, segmentPayloadBytes, segmentsStart } from '../../store/journal-format.ts';
import { journalName } from '../../store/journal-writer.ts';
import { pointId } from '../../store/record.ts';

/**
 * Bytes of the journals of a cycle with so many lanes, that will hold between so many bytes of records and old content:
 * with the heads of files and segments, and what fills up their pages.
 */
export function journalFileBytes({ low, high }: Range, lanes: number): Range {
  if (high === 0) return { low: 0, high: 0 };
  const head = segmentHeaderBytes + pageBytes;
  // A segment is closed before it is full: where chunks are large, it may be half full.
  const segments = Math.ceil((2 * high) / segmentPayloadBytes) + lanes;
  return { low: low === 0 ? 0 : low + segmentsStart, high: high + lanes * segmentsStart + segments * head };
}

/** Bytes that the journals of a point take; null where there is no such point. Throws what the store throws. */
export function journalBytesOf(store: GroupStore, id: string): number | null {
  const point = store.record.points.find((one) => pointId(one) === id);
  if (point === undefined) return null;
  return point.undo.reduce((sum, journal) => {
    const file = store.disk.open(journalName(journal));
    try {
      return sum + file.size();
    } finally {
      file.close();
    }
  }, 0);
}
