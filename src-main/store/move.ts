/**
 * Bringing the volumes from the point that they are at to another one, older or newer, through the journals between.
 * Segment by segment (scratch.ts), so that it can be cut off anywhere, gone on with, or turned round; one write of the
 * record completes it for all pairs. While it is under way the digest maps of the point where it began stay.
 */
import { SitepairError } from '../contract/errors.ts';
import { assertOwnVolumes, foreignOnTheWay } from './begun-on.ts';
import { damagedPoint, damagedPoints, journalsOfCycle } from './cycle.ts';
import { closeGaps, journalsBetween, openGaps, underWayTo, type Gap } from './gaps.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals } from './journal-merge.ts';
import { openJournals, type Journal } from './journal-reader.ts';
import { salvageJournals } from './journal-salvage.ts';
import { tryMaps, wantedAtEnd } from './maps-of-move.ts';
import { fits, newestFirst, readChunk } from './overlay.ts';
import { definitionAtWork } from './pairs.ts';
import { comparePoints, pointId, samePoint, type PairDefinition, type PointKey, type StoredPoint } from './record.ts';
import { MoveMeasure } from './move-measure.ts';
import { cutOffSwap, finishSwap, mendSegment, swapSegment, type CutOffSwap } from './scratch.ts';
import type { VolumeSet } from './volume-set.ts';
import { acceptNotBegun, acceptOnTheWay, otherVolume } from './ways-out.ts';

type Change = Parameters<GroupStore['update']>[0];

export interface MoveOptions {
  volumes: VolumeSet;
  now: () => Date;
  /** Changes of the record when the move begins and when it is done. */
  begin: Change;
  done: Change;
  /** Called between steps with the bytes written so far; throws to stop. Stopping is safe at any moment. */
  checkpoint: (bytesWritten: number) => void;
  /** Told how much of the way's old content was gone through, bytes: first to make sure of it, then to put it back. */
  tell?: (done: number, total: number) => void;
  /**
   * Given where the operator accepts that volumes do not become what the point says: then the points are marked
   * damaged, and this is told what does not. Else that throws.
   */
  accepted?: (damage: MoveDamage) => void;
  /** Whether that holds for a volume too that can be no other than a foreign one; else that throws all the same. */
  foreignAccepted?: boolean;
}

/** What a move cannot bring to its point, because somebody else wrote there. */
export interface MoveDamage {
  /** Offsets and lengths in bytes. */
  chunks: { pair: number; offset: number; length: number }[];
  /** Numbers of the pairs whose volume holds nothing of what the one held that the move was begun on. */
  foreign: number[];
  /** What damaged journals lack, as half sentences; the chunks that those would have brought along are not known. */
  journals: string[];
}

function indexOf(points: readonly StoredPoint[], key: PointKey): number {
  const index = points.findIndex((point) => samePoint(point, key));
  if (index >= 0) return index;
  throw new SitepairError({
    code: 'point-unknown',
    message: `There is no point ${pointId(key)} in this store.`,
    remedy: 'List the points with: sitepair points NAME',
  });
}

type MoverOptions = Pick<MoveOptions, 'volumes' | 'checkpoint' | 'tell' | 'accepted' | 'foreignAccepted'>;

class Mover {
  readonly #store: GroupStore;
  readonly #options: MoverOptions;
  readonly #pairs: Map<number, PairDefinition>;
  readonly #chunkSize: number;
  readonly measure: MoveMeasure;
  readonly damage: MoveDamage = { chunks: [], foreign: [], journals: [] };
  #written = 0;

  constructor(store: GroupStore, options: MoverOptions) {
    this.measure = new MoveMeasure(options.tell);
    this.#store = store;
    this.#options = options;
    // At the sizes of the open cycle; those that join with it are in no point.
    const own = new Set(store.record.definition.pairs.map(({ number }) => number));
    const { pairs } = definitionAtWork(store.record);
    this.#pairs = new Map(pairs.filter(({ number }) => own.has(number)).map((pair) => [pair.number, pair]));
    this.#chunkSize = store.record.definition.policy.chunkSizeBytes;
  }

  /** Bytes written to the volumes. */
  get written(): number {
    return this.#written;
  }

  get isDamaged(): boolean {
    const { chunks, foreign, journals } = this.damage;
    return chunks.length + foreign.length + journals.length > 0;
  }

  /** The journals of the open cycle, if one is; of damaged ones what is whole, where that is accepted. */
  openCycle(): Journal[] {
    const { definition, receiving } = this.#store.record;
    if (receiving === null) return [];
    const wanted = journalsOfCycle(definition.id, receiving);
    const { disk } = this.#store;
    return this.#options.accepted === undefined ? openJournals(disk, wanted) : salvageJournals(disk, wanted).journals;
  }

  /** The journals of the gaps (from, to]; what damaged ones lack is damage, where that is accepted. */
  openGaps(from: number, to: number): Gap[] {
    return openGaps(this.#store, from, to, this.#options.accepted === undefined ? null : this.damage.journals);
  }

  /** Durable before the first write that rests on it: later the volumes may no longer tell. */
  markDamaged(now: () => Date): void {
    if (!this.isDamaged) return;
    this.#store.update({ points: this.#store.record.points.map(damagedPoint), doubtful: true }, now());
  }

  /**
   * Whether there is a way at all: a swap to be finished, segments that are not on the target's side yet, or some
   * beyond the target. Else the volumes are as they were when it was begun, and are written nothing.
   */
  #isOnTheWay(older: readonly Journal[], newer: readonly Journal[], swap: CutOffSwap | null): boolean {
    return [...older, ...newer].some((journal) =>
      journal.segments.some(({ header: { side, number } }) => {
        const cutOff = journal.name === swap?.journal && number === swap.number;
        return side === 'new' || cutOff || newer.includes(journal);
      }),
    );
  }

  /** What a cut-off swap left is finished before anything is judged: in the volumes that it was begun on. */
  settle(older: readonly Journal[], newer: readonly Journal[], now: () => Date): void {
    const { disk, record } = this.#store;
    const { volumes, checkpoint, foreignAccepted } = this.#options;
    const journals = [...older, ...newer];
    const swap = cutOffSwap(disk, record.definition.id);
    // Those too that are not written: all of them are promoted, or given back, at the end of the way.
    const there = [...this.#pairs.keys()].filter((number) => !volumes.without.has(number));
    const pairs = this.#isOnTheWay(older, newer, swap) ? there : [];
    const looked = (): void => {
      checkpoint(this.#written);
    };
    for (const { pair, error } of foreignOnTheWay(this.#store, journals, volumes, pairs, looked)) {
      if (foreignAccepted !== true) throw error;
      this.damage.foreign.push(pair.number);
    }
    this.markDamaged(now);
    finishSwap(disk, record.definition.id, volumes, ({ chunk }) => chunk * this.#chunkSize);
    if (swap !== null) journals.find((journal) => journal.name === swap.journal)?.reread(swap.number);
  }

  /**
   * Throws `replica-changed` where a chunk that is to change would not become what it was at the target, unless that is
   * accepted.
   */
  assertReachable(journals: readonly Journal[], back: boolean): void {
    this.measure.expectLook(journals);
    const { volumes, accepted, foreignAccepted } = this.#options;
    const looked = (): void => {
      this.#options.checkpoint(this.#written);
    };
    if (accepted !== undefined && foreignAccepted !== true) assertOwnVolumes(this.#store, journals, volumes, looked);
    for (const history of mergeJournals(journals)) {
      looked();
      const pair = this.#pairs.get(history.pair);
      if (pair === undefined || volumes.without.has(pair.number)) continue;
      const chunk = readChunk(volumes, pair, this.#chunkSize, history.chunk);
      const ordered = back ? newestFirst(history) : history.entries;
      this.measure.looked(history);
      const remaining = ordered.filter((entry) => entry.place.header.side === (back ? 'old' : 'new'));
      if (fits(chunk, remaining, wantedAtEnd(history, back))) continue;
      const start = history.chunk * this.#chunkSize;
      if (accepted !== undefined) {
        this.damage.chunks.push({ pair: pair.number, offset: start, length: chunk.length });
        continue;
      }
      const { definition, site, moving, promoting } = this.#store.record;
      const path = pair.paths[site];
      const stay = `Stay at the point that the volumes are at. A replica can be mended while production answers: sitepair verify ${definition.name} --repair. ${acceptNotBegun}`;
      throw new SitepairError({
        code: 'replica-changed',
        message: `${path} was written since its point, at bytes ${start} to ${start + chunk.length}; it cannot be brought to another point.`,
        where: `${path} bytes ${start}-${start + chunk.length}`,
        remedy: moving !== null || promoting !== null ? `${otherVolume} ${acceptOnTheWay}` : stay,
      });
    }
  }

  /**
   * Swaps every segment that is not on the wanted side yet; journals in the order in which they must be gone through.
   */
  swapAll(journals: readonly Journal[], to: 'old' | 'new'): void {
    for (const journal of journals) {
      for (const place of journal.segments) {
        if (place.header.side === to) continue;
        this.#options.checkpoint(this.#written);
        this.#store.assertOurs();
        swapSegment(
          this.#store.disk,
          journal,
          place,
          to,
          this.#options.volumes,
          (record) => record.chunk * this.#chunkSize,
        );
        this.#written += place.header.payloadLength;
        this.measure.gone(place.header.payloadLength);
      }
    }
  }
}

/**
 * Throws as moveTo would before its first write, and changes nothing: for those who have more to write before it. A
 * cycle that is open is thought of as rolled back. Of a move that was begun only the journals are looked at: what is
 * half way has to be settled before its volumes can be.
 */
export function assertMovable(store: GroupStore, target: PointKey, options: MoverOptions): void {
  const { definition, points, position, moving } = store.record;
  const way = underWayTo(store.record, target);
  if (way === null || (moving === null && samePoint(position, target))) return;
  const mover = new Mover(store, options);
  if (moving !== null) mendSegment(store.disk, definition.id);
  const gaps = mover.openGaps(indexOf(points, way.oldest), indexOf(points, way.newest));
  let open: Journal[] = [];
  try {
    if (moving !== null) return;
    open = mover.openCycle();
    const between = [...gaps.flatMap((gap) => gap.journals), ...open];
    mover.assertReachable(between, comparePoints(target, way.from) < 0);
  } finally {
    closeGaps(gaps);
    for (const journal of open) journal.close();
  }
}

/**
 * Brings the volumes to `target` and says so durably. Returns the bytes written to them.
 * Throws `point-unknown`, `store-damaged`, `replica-changed` before the first write of a new move; of one that was
 * begun, `replica-changed` where it was begun on other volumes. What is accepted does not throw.
 */
export function moveTo(store: GroupStore, target: PointKey, options: MoveOptions): number {
  const { points, moving: begun, receiving } = store.record;
  const moving = underWayTo(store.record, target);
  if (moving === null || receiving !== null) throw new Error('the volumes are at no point');
  const { from, oldest, newest } = moving;
  const [first = 0, fromIndex = 0, targetIndex = 0, last = 0] = [oldest, from, target, newest].map((key) =>
    indexOf(points, key),
  );
  const mover = new Mover(store, options);
  if (begun !== null) mendSegment(store.disk, store.record.definition.id);
  const gaps = mover.openGaps(first, last);
  try {
    const older = journalsBetween(gaps, first, targetIndex);
    const newer = journalsBetween(gaps, targetIndex, last);
    if (begun !== null) mover.settle(older, newer, options.now);
    const forward = older.some((journal) => journal.segments.some((place) => place.header.side === 'new'));
    mover.measure.expectSwap(older, newer);
    if (forward) mover.assertReachable(older, false);
    else mover.assertReachable(newer, true);
    mover.markDamaged(options.now);
    store.update({ ...options.begin, moving, marks: null }, options.now());
    mover.swapAll(older, 'old');
    mover.swapAll([...newer].reverse(), 'new');
    const back = fromIndex > targetIndex;
    const between = back
      ? journalsBetween(gaps, targetIndex, fromIndex)
      : journalsBetween(gaps, fromIndex, targetIndex);
    // Where a journal lacks something it is not known what the volumes hold.
    if (fromIndex !== targetIndex && mover.damage.journals.length === 0) {
      tryMaps(store, { from, target, back }, between);
    }
    const left = damagedPoints(store.record, options.done, moving.to);
    const marked = mover.isDamaged ? { points: left, doubtful: left.length > 0 } : {};
    store.update({ ...options.done, ...marked, moving: null, position: moving.to }, options.now());
    if (mover.isDamaged) options.accepted?.(mover.damage);
    store.collectGarbage();
    return mover.written;
  } finally {
    closeGaps(gaps);
  }
}
