/** The journals between points, gap by gap: what a move from one point to another goes through. */
import type { GroupStore } from './group-store.ts';
import { journalsOfPoint, openJournals, type Journal } from './journal-reader.ts';

/** The journals that lead from one point back to the one before it. */
export interface Gap {
  /** Of the newer point, in the record's points. */
  index: number;
  journals: Journal[];
}

/** Opens the journals of the gaps (from, to], oldest first. */
export function openGaps(store: GroupStore, from: number, to: number): Gap[] {
  const gaps: Gap[] = [];
  try {
    store.record.points.slice(from + 1, to + 1).forEach((point, n) => {
      const wanted = journalsOfPoint(store.record.definition.id, point.undo);
      gaps.push({ index: from + 1 + n, journals: openJournals(store.disk, wanted) });
    });
  } catch (error) {
    closeGaps(gaps);
    throw error;
  }
  return gaps;
}

export function closeGaps(gaps: readonly Gap[]): void {
  for (const gap of gaps) for (const journal of gap.journals) journal.close();
}

/** The journals of the gaps (from, to], oldest first. */
export function journalsBetween(gaps: readonly Gap[], from: number, to: number): Journal[] {
  return gaps.filter((gap) => gap.index > from && gap.index <= to).flatMap((gap) => gap.journals);
}
