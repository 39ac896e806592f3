/**
 * Opening and completing a cycle. Between the two the record says `receiving`; whatever happens in between can be
 * rolled back or gone on with. One write of the record completes the point for all pairs at once: only that makes it
 * exist.
 */
import { SitepairError } from '../contract/errors.ts';
import type { Consistency, PointKind } from '../contract/groups.ts';
import type { GroupStore } from './group-store.ts';
import { openJournal, type JournalWanted } from './journal-reader.ts';
import { JournalWriter } from './journal-writer.ts';
import { nextCycle } from './numbering.ts';
import { changedByCycle } from './pairs.ts';
import {
  samePoint,
  type JournalReference,
  type PointKey,
  type Receiving,
  type ReceivingPair,
  type SiteRecord,
  type StoredPoint,
  type UnreadOfPair,
} from './record.ts';
import { isUnreadOnly } from './unread.ts';

type Change = Parameters<GroupStore['update']>[0];

/** What a cycle begins with. */
export interface CycleStart {
  kind: Receiving['kind'];
  pairs: ReceivingPair[];
  /** The kind of the point that keeps what the volumes hold now, where they hold something that no point names. */
  before: Extract<PointKind, 'before-protect' | 'before-reprotect' | 'before-undo'> | null;
  /** Numbers of pairs that got new volumes: what those hold is not the pair's, so that point lacks them too. */
  replaced?: readonly number[];
  /** The volumes hold a mix of several states, and so will that point. */
  mixed?: boolean;
  /** The last cycle of a planned failover. */
  planned?: boolean;
  /** What cannot be read of the sources is passed over. */
  skipUnreadable?: boolean;
  /** Other changes of the record that belong to the same step. */
  also: Change;
}

/**
 * Opens a cycle durably: its number is given out, and the record says that it receives. Write marks mean nothing from
 * here on.
 */
export function openCycle(store: GroupStore, start: CycleStart, now: Date): Receiving {
  let counter = store.record.counter;
  const epoch = start.also.epoch ?? store.record.epoch;
  const change: Change = { ...start.also };
  if (start.before !== null) {
    counter = nextCycle(counter);
    const lacking = start.pairs.filter((pair) => pair.save !== 'journal' || start.replaced?.includes(pair.number));
    // Over a cycle that is still open nothing is whole.
    const incomplete = start.mixed === true || store.record.incomplete || store.record.receiving !== null;
    const before: StoredPoint = {
      epoch,
      cycle: counter,
      at: now.toISOString(),
      kind: start.before,
      consistency: 'crash',
      state: incomplete ? 'incomplete' : 'usable',
      lacks: lacking.map((pair) => pair.number),
      undo: [],
    };
    change.points = [before];
    change.position = { epoch, cycle: counter };
    // Until this cycle is complete; one that is taken back leaves the mix again.
    change.incomplete = incomplete;
    // That point is what the volumes hold, whatever doubt there was about an earlier one.
    change.doubtful = false;
  }
  counter = nextCycle(counter);
  const receiving: Receiving = {
    kind: start.kind,
    epoch,
    cycle: counter,
    attempts: 1,
    journals: [],
    flushFailed: false,
    startedAt: now.toISOString(),
    pairs: start.pairs,
    ...(start.planned === true ? { planned: true } : {}),
    ...(start.skipUnreadable === true ? { skipUnreadable: true } : {}),
  };
  store.update({ ...change, counter, receiving, marks: null }, now);
  return receiving;
}

/**
 * Why an open cycle can only be taken back in an epoch, as half a sentence; null where it can be gone on with. After a
 * flush that failed, comparing through the cache would take for written what the disk lost; and whoever began it in an
 * earlier epoch is fenced.
 */
export function reasonToTakeBack(receiving: Receiving, epoch: number): string | null {
  if (receiving.flushFailed) return 'a flush failed in it, so what the replica holds is unknown';
  if (receiving.epoch >= epoch) return null;
  return `it was begun in epoch ${receiving.epoch}, before the group was taken over in epoch ${epoch}`;
}

/** The way out of such a cycle. */
export function takingBack(name: string, { kind, flushFailed }: Receiving): string {
  const back = kind === 'reprotect' ? `undo ${name} --confirm ${name}` : `rollback ${name}`;
  return `${flushFailed ? 'Look at the disk that failed, then take' : 'Take'} the cycle back with: sitepair ${back}`;
}

/**
 * Begins the open cycle once more, durably, so that its new journals can be told from those of earlier attempts; from
 * here on it passes over what cannot be read where that is said now, or was before. Throws `not-allowed` where it can
 * only be taken back.
 */
export function reopenCycle(store: GroupStore, also: Change, now: Date, skipUnreadable = false): Receiving {
  const { receiving } = store.record;
  if (receiving === null) throw new Error('no cycle is open');
  const reason = reasonToTakeBack(receiving, also.epoch ?? store.record.epoch);
  if (reason !== null) {
    throw new SitepairError({
      code: 'not-allowed',
      message: `The open cycle cannot be gone on with: ${reason}.`,
      where: store.disk.path,
      remedy: takingBack(store.record.definition.name, receiving),
    });
  }
  const again: Receiving = {
    ...receiving,
    attempts: receiving.attempts + 1,
    ...(skipUnreadable ? { skipUnreadable } : {}),
  };
  store.update({ ...also, receiving: again }, now);
  return again;
}

/**
 * Says durably that a flush failed in the open cycle, where `error` is that. A store that takes no write is left as it
 * is.
 */
export function noteFlushFailure(store: GroupStore, error: unknown, now: Date): void {
  const { receiving } = store.record;
  if (receiving === null || !(error instanceof SitepairError) || error.report.code !== 'flush-failed') return;
  try {
    store.update({ receiving: { ...receiving, flushFailed: true } }, now);
  } catch {
    // The flush that failed is the error to be told.
  }
}

/**
 * Makes the journals of the attempt at hand, one for each of `lanes`, and says durably how many there are: from here on
 * one that is missing is damage, told loudly. Called before the first write of the attempt.
 */
export function makeJournals(store: GroupStore, lanes: number, now: Date): void {
  const { receiving, definition } = store.record;
  if (receiving === null) throw new Error('no cycle is open');
  const { epoch, cycle, attempts } = receiving;
  for (let lane = 0; lane < lanes; lane += 1) {
    const identity = { group: definition.id, epoch, cycle, attempt: attempts, lane };
    JournalWriter.create(store.disk, identity, definition.policy.chunkSizeBytes).close();
  }
  store.disk.flushNames();
  // An attempt that ended before it made any has none.
  const earlier = Array.from({ length: attempts - 1 }, (_, n) => receiving.journals[n] ?? 0);
  store.update({ receiving: { ...receiving, journals: [...earlier, lanes] } }, now);
}

/** The journals of an open cycle, oldest attempt first. */
export function journalsOfCycle(group: string, receiving: Receiving): JournalWanted[] {
  const { epoch, cycle, journals } = receiving;
  return journals.flatMap((lanes, n) =>
    Array.from({ length: lanes }, (_, lane) => ({
      identity: { group, epoch, cycle, attempt: n + 1, lane },
      segments: null,
    })),
  );
}

/**
 * Seals what the journals of the open cycle hold, for the completed point. Those of earlier attempts are read once;
 * what this attempt wrote and flushed is not read back.
 */
function sealJournals(store: GroupStore, receiving: Receiving): JournalReference[] {
  const references: JournalReference[] = [];
  for (const { identity, segments } of journalsOfCycle(store.record.definition.id, receiving)) {
    const reading = identity.attempt === receiving.attempts ? 'headers' : 'whole';
    const journal = openJournal(store.disk, identity, segments, reading);
    const { epoch, cycle, attempt, lane } = identity;
    // Under a segment that no durable count covers nothing was written, and nothing says that it is durable itself.
    // Only where a count was damaged all are taken that are there.
    const sealed = journal.doubtful ? journal.segments : journal.segments.slice(0, journal.counted);
    if (sealed.length > 0) {
      const bytes = sealed.reduce((sum, segment) => sum + segment.header.payloadLength, 0);
      references.push({ epoch, cycle, attempt, lane, segments: sealed.length, bytes });
    }
    journal.close();
  }
  return references;
}

/** What a completed cycle adds to the record. */
export interface CycleEnd {
  at: Date;
  consistency: Consistency;
  /** What could not be read of the sources and was passed over; left out, or empty: nothing. */
  unread?: UnreadOfPair[];
  also: Change;
}

/** A point that rests on a replica of which ranges differed, or may have. */
export function damagedPoint(point: StoredPoint): StoredPoint {
  return point.state === 'usable' || isUnreadOnly(point) ? { ...point, state: 'damaged' } : point;
}

/**
 * The points that are left where volumes were brought to `at` and are not what it says: damaged. That one is left
 * whatever else ends, so that nobody takes what the volumes hold for something whole; but not where they are at none.
 */
export function damagedPoints({ points }: SiteRecord, change: Change, at: PointKey | null): StoredPoint[] {
  const kept = change.points ?? points;
  const ends = kept.some((point) => samePoint(point, at)) || change.position === null;
  return [...(ends ? [] : points.filter((point) => samePoint(point, at))), ...kept].map(damagedPoint);
}

/**
 * Completes the open cycle. A replica that was in doubt was compared whole, and is in doubt no more; the points before
 * rest on what it held. The volumes and the new maps must be durable when this is called. Returns the new point.
 * Before anything it is made sure that nobody was promoted meanwhile.
 */
export function completeCycle(store: GroupStore, end: CycleEnd): StoredPoint {
  const record: SiteRecord = store.record;
  const { receiving } = record;
  if (receiving === null) throw new Error('no cycle is open');
  const { unread = [] } = end;
  const point: StoredPoint = {
    epoch: receiving.epoch,
    cycle: receiving.cycle,
    at: end.at.toISOString(),
    kind: 'cycle',
    consistency: end.consistency,
    state: unread.length === 0 ? 'usable' : 'incomplete',
    lacks: [],
    undo: record.points.length === 0 ? [] : sealJournals(store, receiving),
    ...(unread.length > 0 && { unread }),
  };
  const changed = changedByCycle(record);
  const before = changed.points ?? record.points;
  store.disk.flushNames();
  const key = { epoch: point.epoch, cycle: point.cycle };
  store.update(
    {
      ...end.also,
      ...changed,
      points: [...(record.doubtful ? before.map(damagedPoint) : before), point],
      position: key,
      receiving: null,
      punch: point.undo.length > 0 ? key : null,
      marks: null,
      doubtful: false,
      incomplete: false,
    },
    end.at,
  );
  return point;
}
