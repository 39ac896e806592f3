/**
 * The way from what the replica holds while cycles come and go to one of its points, for a copy of it. What is there
 * when it is opened stays readable: its files are held open, and the pin that the caller holds keeps what appears later
 * (pin.ts). Nothing is ever written here.
 *
 * A chunk that is read from the replica holds what it held at the replica's point, or anything that later cycles wrote,
 * or a mix of both. But before any write its old content was durable in a journal. So the old content of all journals
 * that are there after the chunk was read, put over it newest first, gives what it held at the point: journals of
 * cycles that were rolled back too, as those may have been written, and taken back, while it was read.
 */
import { SitepairError } from '../contract/errors.ts';
import { digest } from './checksum.ts';
import { MapReader } from './digest-map.ts';
import type { DiskFile } from './disk.ts';
import { journalsBetween, openGaps, closeGaps, type Gap } from './gaps.ts';
import type { GroupStore } from './group-store.ts';
import { segmentsStart, type JournalIdentity } from './journal-format.ts';
import { mergeJournals, type ChunkHistory, type Entry } from './journal-merge.ts';
import { openJournal, readCount, type Journal } from './journal-reader.ts';
import { comparePoints, pointId, samePoint, type PairDefinition, type PointKey, type SiteRecord } from './record.ts';

/** Kinds of cycles in which all old content is journalled, so that a point can be copied while they go on. */
const journalled: readonly string[] = ['cycle', 'repair'];

/** What leads a chunk back to the point. */
export interface ChunkWay {
  /** To be put over it in this order. */
  entries: Entry[];
  /** The digest that it has then; null where none is known. */
  wanted: Buffer | null;
}

function unknownPoint(point: PointKey): SitepairError {
  return new SitepairError({
    code: 'point-unknown',
    message: `There is no point ${pointId(point)} in the store of the replica that a copy could be made of.`,
    where: pointId(point),
    remedy: 'List the points with: sitepair points NAME',
  });
}

function sidesChange(store: GroupStore): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: `The group ${store.record.definition.name} changes sides, or its points have ended: what its replica holds is no longer what a point can be copied from.`,
    where: store.disk.path,
    remedy: 'See how the group stands; a test failover is possible again when it is protected.',
  });
}

/** Whether the replica is at a point, or between two cycles of it: then all that is written there is journalled. */
function isCopyable({ phase, receiving, moving, promoting, incomplete }: SiteRecord): boolean {
  const phases: readonly string[] = ['protected', 'syncing', 'interrupted'];
  const open = receiving === null || journalled.includes(receiving.kind);
  return phases.includes(phase) && open && moving === null && promoting === null && !incomplete;
}

export class PointWay {
  readonly store: GroupStore;
  readonly point: PointKey;
  /** Numbers of the pairs that the point does not have. */
  readonly lacks: readonly number[];
  /** The record when the way was opened. */
  readonly #begun: SiteRecord;
  readonly #gaps: Gap[];
  readonly #maps: ReadonlyMap<number, MapReader>;

  private constructor(store: GroupStore, point: PointKey, begun: SiteRecord, gaps: Gap[]) {
    const { definition, position, points } = begun;
    this.store = store;
    this.point = point;
    this.lacks = points.find((one) => samePoint(one, point))?.lacks ?? [];
    this.#begun = begun;
    this.#gaps = gaps;
    const { epoch, cycle } = position ?? point;
    this.#maps = new Map(
      definition.pairs.map(({ number }) => {
        return [number, new MapReader(store.disk, { group: definition.id, pair: number, epoch, cycle })];
      }),
    );
  }

  /**
   * Opens all that leads to `point`, reading it once. The caller has pinned the folder, and opened `store` after that:
   * what was read before may have lost journals since. `checkpoint` is called between the points that it passes, and
   * throws to stop. Throws `point-unknown`, `store-damaged` where a journal on the
   * way is, and `cancelled` where the replica is being brought elsewhere.
   */
  static open(store: GroupStore, point: PointKey, checkpoint: () => void = () => undefined): PointWay {
    const begun = store.record;
    const { points, position } = begun;
    if (!isCopyable(begun) || position === null) throw sidesChange(store);
    const target = points.findIndex((one) => samePoint(one, point));
    const from = points.findIndex((one) => samePoint(one, position));
    if (target < 0 || from < 0 || comparePoints(point, position) > 0) throw unknownPoint(point);
    const gaps: Gap[] = [];
    try {
      for (let n = target; n < from; n += 1) {
        checkpoint();
        gaps.push(...openGaps(store, n, n + 1));
      }
      return new PointWay(store, point, begun, gaps);
    } catch (error) {
      closeGaps(gaps);
      throw error;
    }
  }

  /** The digest map of the point that the replica was at; null for a pair that is not known. */
  mapOf(pair: PairDefinition): MapReader | null {
    return this.#maps.get(pair.number) ?? null;
  }

  /**
   * Throws `cancelled` where the group was brought elsewhere since the way was opened: what is written there then is in
   * no journal. Every promotion raises the epoch, and points that ended are gone, so one look afterwards is enough.
   */
  assertStands(): void {
    const now = this.store.present();
    const { epoch, definition } = this.#begun;
    const ended = !now.points.some((one) => samePoint(one, this.point));
    if (!isCopyable(now) || now.epoch !== epoch || ended || now.definition.id !== definition.id) {
      throw sidesChange(this.store);
    }
  }

  /**
   * All journals that are there now, oldest first: of the way, of the open cycle, and of those that came since. The
   * caller gives them back with `release`. Throws `store-damaged`.
   */
  journals(): Journal[] {
    const way = journalsBetween(this.#gaps, 0, Infinity);
    return [...way, ...this.#later()];
  }

  /** Closes the journals that came after the way was opened; its own stay open. */
  release(journals: readonly Journal[]): void {
    for (const journal of journals) if (!this.#isOwn(journal)) journal.close();
  }

  /** Every chunk that the journals name, ascending by pair and chunk. */
  histories(journals: readonly Journal[]): Generator<ChunkHistory> {
    return mergeJournals(journals);
  }

  /**
   * What leads one chunk back. `history`: of the journals that were there after it was read; null where none names it.
   * `length`: its bytes.
   */
  chunkWay(pair: PairDefinition, chunk: number, length: number, history: ChunkHistory | null): ChunkWay {
    const known = this.mapOf(pair)?.lookup(chunk) ?? 'unknown';
    const own = history?.entries.filter(({ journal }) => this.#isOwn(journal)) ?? [];
    const later = history?.entries.filter(({ journal }) => !this.#isOwn(journal)) ?? [];
    const newest = own.at(-1)?.record.newDigest ?? null;
    const mapped = known === 'unknown' ? null : known === 'blank' ? digest(Buffer.alloc(length)) : known;
    const before = sinceReplicaWas(mapped ?? newest, later);
    const wanted = own[0]?.record.oldDigest ?? mapped ?? before[0]?.record.oldDigest ?? null;
    return { entries: [...own, ...before].reverse(), wanted };
  }

  close(): void {
    closeGaps(this.#gaps);
    for (const map of this.#maps.values()) map.close();
  }

  #isOwn(journal: Journal): boolean {
    return this.#gaps.some((gap) => gap.journals.includes(journal));
  }

  /** Cycle numbers are never used twice, so those above the counter came later; the open one is named. */
  #later(): Journal[] {
    const { counter, receiving, definition } = this.#begun;
    const wanted = this.store.disk
      .list()
      .flatMap((name) => identityOf(name, definition.id) ?? [])
      .filter((one) => one.cycle > counter || samePoint(one, receiving))
      .sort((a, b) => comparePoints(a, b) || a.attempt - b.attempt || a.lane - b.lane);
    const journals: Journal[] = [];
    try {
      for (const identity of wanted) {
        const journal = this.#openLater(identity);
        if (journal !== null) journals.push(journal);
      }
      return journals;
    } catch (error) {
      for (const journal of journals) journal.close();
      throw error;
    }
  }

  /** Null for a journal that is only being made, so that nothing was written under it yet. */
  #openLater(identity: JournalIdentity): Journal | null {
    const { disk } = this.store;
    try {
      return openJournal(disk, identity, null);
    } catch (error) {
      if (!(error instanceof SitepairError) || error.report.code !== 'store-damaged') throw error;
      const name = `undo-${identity.epoch}-${identity.cycle}-${identity.attempt}-${identity.lane}`;
      const file = disk.open(name);
      try {
        if (isUnused(file)) return null;
      } finally {
        file.close();
      }
      throw error;
    }
  }
}

function isUnused(file: DiskFile): boolean {
  if (file.size() < segmentsStart) return true;
  const { count, broken } = readCount(file);
  return count === 0 && !broken;
}

function identityOf(name: string, group: string): JournalIdentity | null {
  const numbers = /^undo-(\d+)-(\d+)-(\d+)-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [];
  const [epoch, cycle, attempt, lane] = numbers;
  if (epoch === undefined || cycle === undefined || attempt === undefined || lane === undefined) return null;
  return { group, epoch, cycle, attempt, lane };
}

/**
 * Of the entries that came since the replica was at its point, oldest first, those that lead back to it: the first of
 * them saved what the point holds there. One that did not, and wrote just that, mended a damaged chunk: what it saved
 * is no way back.
 */
function sinceReplicaWas(atPoint: Buffer | null, later: readonly Entry[]): readonly Entry[] {
  const [first] = later;
  if (atPoint === null || first === undefined) return later;
  const from = later.findIndex(({ record }) => record.oldDigest.equals(atPoint));
  if (from >= 0) return later.slice(from);
  return first.record.newDigest.equals(atPoint) ? later.slice(1) : later;
}
