/** The journals between points, gap by gap: what a move from one point to another goes through. */
import type { GroupStore } from './group-store.ts';
import { journalsOfPoint, openJournals, type Journal } from './journal-reader.ts';
import { salvageJournals } from './journal-salvage.ts';
import { comparePoints, type PointKey, type SiteRecord } from './record.ts';

/** The journals that lead from one point back to the one before it. */
export interface Gap {
  /** Of the newer point, in the record's points. */
  index: number;
  journals: Journal[];
}

type Moving = NonNullable<SiteRecord['moving']>;

function keyOf({ epoch, cycle }: PointKey): PointKey {
  return { epoch, cycle };
}

/** What the record says of a move to a target before it writes anything that it has not written under before. */
export function aimedAt({ moving, position }: SiteRecord, target: PointKey): Moving | null {
  const from = moving?.from ?? position;
  if (from === null) return null;
  const begun = moving ?? { from: keyOf(from), oldest: keyOf(from), newest: keyOf(from) };
  return { ...begun, to: keyOf(target) };
}

/**
 * The same, before it writes. A move that was begun may have been turned round since: so the gaps between its oldest
 * and its newest point can be half way. Others are not opened: a damaged journal there must not keep anybody from a
 * point that does not need it.
 */
export function underWayTo(record: SiteRecord, target: PointKey): Moving | null {
  const aimed = aimedAt(record, target);
  if (aimed === null) return null;
  const { to, oldest, newest } = aimed;
  return {
    ...aimed,
    oldest: comparePoints(to, oldest) < 0 ? to : oldest,
    newest: comparePoints(to, newest) > 0 ? to : newest,
  };
}

/**
 * Opens the journals of the gaps (from, to], oldest first. Given `lacking`, what is whole of damaged ones is opened,
 * and what they lack is added to it; else they throw `store-damaged`.
 */
export function openGaps(store: GroupStore, from: number, to: number, lacking: string[] | null = null): Gap[] {
  const gaps: Gap[] = [];
  try {
    store.record.points.slice(from + 1, to + 1).forEach((point, n) => {
      const wanted = journalsOfPoint(store.record.definition.id, point.undo);
      const salvaged = lacking === null ? null : salvageJournals(store.disk, wanted);
      lacking?.push(...(salvaged?.lacking ?? []));
      gaps.push({ index: from + 1 + n, journals: salvaged?.journals ?? openJournals(store.disk, wanted) });
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
