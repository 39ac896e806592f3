/**
 * Bringing the volumes from the point that they are at to another one, older or newer, through the journals between.
 * Segment by segment (scratch.ts), so that it can be cut off anywhere, gone on with, or turned round; one write of the
 * record completes it for all pairs. While it is under way the digest maps of the point where it began stay.
 */
import { SitepairError } from '../contract/errors.ts';
import { foreignOnTheWay } from './begun-on.ts';
import { damagedPoint, journalsOfCycle } from './cycle.ts';
import { copyKnowledge, MapReader, MapWriter } from './digest-map.ts';
import { closeGaps, journalsBetween, openGaps } from './gaps.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import { openJournals, type Journal } from './journal-reader.ts';
import { fits, newestFirst, readChunk } from './overlay.ts';
import { chunkCount, pointId, samePoint, type PairDefinition, type PointKey, type StoredPoint } from './record.ts';
import { MoveMeasure } from './move-measure.ts';
import { cutOffSwap, finishSwap, mendSegment, swapSegment, type CutOffSwap } from './scratch.ts';
import type { VolumeSet } from './volume-set.ts';
import { acceptOnTheWay, otherVolume } from './ways-out.ts';

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
}

/** What a move cannot bring to its point, because somebody else wrote there. */
export interface MoveDamage {
  /** Offsets and lengths in bytes. */
  chunks: { pair: number; offset: number; length: number }[];
  /** Numbers of the pairs whose volume holds nothing of what the one held that the move was begun on. */
  foreign: number[];
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

type MoverOptions = Pick<MoveOptions, 'volumes' | 'checkpoint' | 'tell' | 'accepted'>;

class Mover {
  readonly #store: GroupStore;
  readonly #options: MoverOptions;
  readonly #pairs: Map<number, PairDefinition>;
  readonly #chunkSize: number;
  readonly measure: MoveMeasure;
  readonly damage: MoveDamage = { chunks: [], foreign: [] };
  #written = 0;

  constructor(store: GroupStore, options: MoverOptions) {
    this.measure = new MoveMeasure(options.tell);
    this.#store = store;
    this.#options = options;
    this.#pairs = new Map(store.record.definition.pairs.map((pair) => [pair.number, pair]));
    this.#chunkSize = store.record.definition.policy.chunkSizeBytes;
  }

  /** Bytes written to the volumes. */
  get written(): number {
    return this.#written;
  }

  get isDamaged(): boolean {
    return this.damage.chunks.length + this.damage.foreign.length > 0;
  }

  /** Durable before the first write that rests on it: later the volumes may no longer tell. */
  markDamaged(now: () => Date): void {
    if (!this.isDamaged) return;
    this.#store.update({ points: this.#store.record.points.map(damagedPoint), doubtful: true }, now());
  }

  /**
   * Numbers of the pairs that the way concerns: with a swap to be finished, with segments that are not on the target's
   * side yet, or with some beyond the target, all of which assertReachable judges. Others are not written.
   */
  #onTheWay(older: readonly Journal[], newer: readonly Journal[], swap: CutOffSwap | null): number[] {
    const pairs = new Set<number>();
    for (const journal of [...older, ...newer]) {
      for (const place of journal.segments) {
        const { side, number } = place.header;
        const cutOff = journal.name === swap?.journal && number === swap.number;
        if (side === 'old' && !cutOff && !newer.includes(journal)) continue;
        for (const record of journal.readIndex(place)) pairs.add(record.pair);
      }
    }
    return [...pairs];
  }

  /** What a cut-off swap left is finished before anything is judged: in the volumes that it was begun on. */
  settle(older: readonly Journal[], newer: readonly Journal[], now: () => Date): void {
    const { disk, record } = this.#store;
    const { volumes, checkpoint, accepted } = this.#options;
    const journals = [...older, ...newer];
    const swap = cutOffSwap(disk, record.definition.id);
    const pairs = this.#onTheWay(older, newer, swap);
    const looked = (): void => {
      checkpoint(this.#written);
    };
    for (const { pair, error } of foreignOnTheWay(this.#store, journals, volumes, pairs, looked)) {
      if (accepted === undefined) throw error;
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
    for (const history of mergeJournals(journals)) {
      this.#options.checkpoint(this.#written);
      const pair = this.#pairs.get(history.pair);
      if (pair === undefined) continue;
      const chunk = readChunk(this.#options.volumes, pair, this.#chunkSize, history.chunk);
      const ordered = back ? newestFirst(history) : history.entries;
      this.measure.looked(history);
      const remaining = ordered.filter((entry) => entry.place.header.side === (back ? 'old' : 'new'));
      if (fits(chunk, remaining, wanted(history, back))) continue;
      const start = history.chunk * this.#chunkSize;
      if (this.#options.accepted !== undefined) {
        this.damage.chunks.push({ pair: pair.number, offset: start, length: chunk.length });
        continue;
      }
      const { definition, site, moving, promoting } = this.#store.record;
      const path = pair.paths[site];
      const stay = `Stay at the point that the volumes are at. A replica can be mended while production answers: sitepair verify ${definition.name} --repair`;
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

  /** As writeMaps; where the store is full, what is missing of the maps is unknown, and nobody is kept back by it. */
  tryMaps(from: PointKey, target: PointKey, journals: readonly Journal[], back: boolean): void {
    try {
      this.writeMaps(from, target, journals, back);
    } catch (error) {
      if (!(error instanceof SitepairError) || error.report.code !== 'no-space') throw error;
    }
  }

  /** Writes the digest maps of the target: those of the start, with what the journals know put over them. */
  writeMaps(from: PointKey, target: PointKey, journals: readonly Journal[], back: boolean): void {
    const histories = mergeJournals(journals);
    let history = histories.next();
    for (const pair of [...this.#pairs.values()].sort((a, b) => a.number - b.number)) {
      const identity = { group: this.#store.record.definition.id, pair: pair.number };
      const reader = new MapReader(this.#store.disk, { ...identity, epoch: from.epoch, cycle: from.cycle });
      const writer = new MapWriter(this.#store.disk, { ...identity, epoch: target.epoch, cycle: target.cycle });
      try {
        const chunks = chunkCount(pair.sizeBytes, this.#chunkSize);
        while (history.done !== true && history.value.pair < pair.number) history = histories.next();
        for (let chunk = 0; chunk < chunks;) {
          const changed = history.done !== true && history.value.pair === pair.number ? history.value : null;
          if (changed?.chunk === chunk) {
            writer.append(chunk, wanted(changed, back));
            history = histories.next();
            chunk += 1;
          } else {
            chunk = copyKnowledge(reader, writer, chunk, changed?.chunk ?? chunks);
          }
        }
        writer.finish();
      } catch (error) {
        writer.abandon();
        throw error;
      } finally {
        reader.close();
      }
    }
    this.#store.disk.flushNames();
  }
}

/** The digest that the chunk has at the end of the way. */
function wanted(history: ChunkHistory, back: boolean): Buffer {
  const newest = history.entries.at(-1) ?? history.entries[0];
  return back ? history.entries[0].record.oldDigest : newest.record.newDigest;
}

/**
 * Throws as moveTo would before its first write, and changes nothing: for those who have more to write before it. A
 * cycle that is open is thought of as rolled back. A move that was begun was looked at then.
 */
export function assertMovable(
  store: GroupStore,
  target: PointKey,
  options: Pick<MoveOptions, 'volumes' | 'checkpoint' | 'tell'>,
): void {
  const { definition, points, position, moving, receiving } = store.record;
  if (moving !== null || position === null || samePoint(position, target)) return;
  const targetIndex = indexOf(points, target);
  const fromIndex = indexOf(points, position);
  const gaps = openGaps(store, Math.min(fromIndex, targetIndex), Math.max(fromIndex, targetIndex));
  let open: Journal[] = [];
  try {
    if (receiving !== null) open = openJournals(store.disk, journalsOfCycle(definition.id, receiving));
    const between = [...gaps.flatMap((gap) => gap.journals), ...open];
    new Mover(store, options).assertReachable(between, targetIndex < fromIndex);
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
  const { points, position, moving: begun, receiving } = store.record;
  const from = begun?.from ?? position;
  if (from === null || receiving !== null) throw new Error('the volumes are at no point');
  const targetIndex = indexOf(points, target);
  const fromIndex = indexOf(points, from);
  const mover = new Mover(store, options);
  if (begun !== null) mendSegment(store.disk, store.record.definition.id);
  // A move that was begun may have been turned round since, so any gap can be half way. Else only those on the way
  // matter: a damaged journal beyond it must not keep anybody from a point that does not need it.
  const [first, last] =
    begun === null ? [Math.min(fromIndex, targetIndex), Math.max(fromIndex, targetIndex)] : [0, points.length - 1];
  const gaps = openGaps(store, first, last);
  try {
    const older = journalsBetween(gaps, first, targetIndex);
    const newer = journalsBetween(gaps, targetIndex, last);
    if (begun !== null) mover.settle(older, newer, options.now);
    const forward = older.some((journal) => journal.segments.some((place) => place.header.side === 'new'));
    mover.measure.expectSwap(older, newer);
    if (forward) mover.assertReachable(older, false);
    else mover.assertReachable(newer, true);
    mover.markDamaged(options.now);
    const moving = { from: { epoch: from.epoch, cycle: from.cycle }, to: { epoch: target.epoch, cycle: target.cycle } };
    store.update({ ...options.begin, moving, marks: null }, options.now());
    mover.swapAll(older, 'old');
    mover.swapAll([...newer].reverse(), 'new');
    const back = fromIndex > targetIndex;
    const between = journalsBetween(gaps, Math.min(fromIndex, targetIndex), Math.max(fromIndex, targetIndex));
    if (fromIndex !== targetIndex) mover.tryMaps(from, target, between, back);
    const left = (options.done.points ?? store.record.points).map(damagedPoint);
    const marked = mover.isDamaged ? { points: left, doubtful: left.length > 0 } : {};
    store.update({ ...options.done, ...marked, moving: null, position: moving.to }, options.now());
    if (mover.isDamaged) options.accepted?.(mover.damage);
    store.collectGarbage();
    return mover.written;
  } finally {
    closeGaps(gaps);
  }
}
