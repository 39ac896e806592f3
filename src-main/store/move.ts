/**
 * Bringing the volumes from the point that they are at to another one, older or newer, through the journals between.
 * Segment by segment (scratch.ts), so that it can be cut off anywhere, gone on with, or turned round; one write of the
 * record completes it for all pairs. While it is under way the digest maps of the point where it began stay.
 */
import { SitepairError } from '../contract/errors.ts';
import { assertBegunOn } from './begun-on.ts';
import { journalsOfCycle } from './cycle.ts';
import { copyKnowledge, MapReader, MapWriter } from './digest-map.ts';
import type { GroupStore } from './group-store.ts';
import { mergeJournals, type ChunkHistory } from './journal-merge.ts';
import { journalsOfPoint, openJournals, type Journal } from './journal-reader.ts';
import { fits, newestFirst, readChunk } from './overlay.ts';
import { chunkCount, pointId, samePoint, type PairDefinition, type PointKey, type StoredPoint } from './record.ts';
import { cutOffSwap, finishSwap, mendSegment, swapSegment } from './scratch.ts';
import type { VolumeSet } from './volume-set.ts';

type Change = Parameters<GroupStore['update']>[0];

export interface MoveOptions {
  volumes: VolumeSet;
  now: () => Date;
  /** Changes of the record when the move begins and when it is done. */
  begin: Change;
  done: Change;
  /** Called between steps with the bytes written so far; throws to stop. Stopping is safe at any moment. */
  checkpoint: (bytesWritten: number) => void;
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

/** The journals that lead from one point back to the one before it. */
interface Gap {
  /** Of the newer point, in the record's points. */
  index: number;
  journals: Journal[];
}

/** Opens the journals of the gaps (from, to], oldest first. */
function openGaps(store: GroupStore, from: number, to: number): Gap[] {
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

function closeGaps(gaps: readonly Gap[]): void {
  for (const gap of gaps) for (const journal of gap.journals) journal.close();
}

/** The journals of the gaps (from, to], oldest first. */
function journalsBetween(gaps: readonly Gap[], from: number, to: number): Journal[] {
  return gaps.filter((gap) => gap.index > from && gap.index <= to).flatMap((gap) => gap.journals);
}

class Mover {
  readonly #store: GroupStore;
  readonly #options: Pick<MoveOptions, 'volumes' | 'checkpoint'>;
  readonly #pairs: Map<number, PairDefinition>;
  readonly #chunkSize: number;
  #written = 0;

  constructor(store: GroupStore, options: Pick<MoveOptions, 'volumes' | 'checkpoint'>) {
    this.#store = store;
    this.#options = options;
    this.#pairs = new Map(store.record.definition.pairs.map((pair) => [pair.number, pair]));
    this.#chunkSize = store.record.definition.policy.chunkSizeBytes;
  }

  /** Bytes written to the volumes. */
  get written(): number {
    return this.#written;
  }

  /** What a cut-off swap left is finished before anything is judged: in the volumes that it was begun on. */
  settle(journals: readonly Journal[]): void {
    const { disk, record } = this.#store;
    const { volumes, checkpoint } = this.#options;
    assertBegunOn(this.#store, journals, volumes, () => {
      checkpoint(this.#written);
    });
    const swap = cutOffSwap(disk, record.definition.id);
    finishSwap(disk, record.definition.id, volumes, ({ chunk }) => chunk * this.#chunkSize);
    if (swap !== null) journals.find((journal) => journal.name === swap.journal)?.reread(swap.number);
  }

  /** Throws `replica-changed` where a chunk that is to change would not become what it was at the target. */
  assertReachable(journals: readonly Journal[], back: boolean): void {
    for (const history of mergeJournals(journals)) {
      this.#options.checkpoint(this.#written);
      const pair = this.#pairs.get(history.pair);
      if (pair === undefined) continue;
      const chunk = readChunk(this.#options.volumes, pair, this.#chunkSize, history.chunk);
      const ordered = back ? newestFirst(history) : history.entries;
      const remaining = ordered.filter((entry) => entry.place.header.side === (back ? 'old' : 'new'));
      if (fits(chunk, remaining, wanted(history, back))) continue;
      const start = history.chunk * this.#chunkSize;
      const path = pair.paths[this.#store.record.site];
      throw new SitepairError({
        code: 'replica-changed',
        message: `${path} was written since its point, at bytes ${start} to ${start + chunk.length}; it cannot be brought to another point.`,
        where: `${path} bytes ${start}-${start + chunk.length}`,
        remedy: 'Stay at the point that the volumes are at, or undo the failover.',
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
  options: Pick<MoveOptions, 'volumes' | 'checkpoint'>,
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
 * begun, `replica-changed` where it was begun on other volumes.
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
    if (begun !== null) mover.settle(gaps.flatMap((gap) => gap.journals));
    const older = journalsBetween(gaps, first, targetIndex);
    const newer = journalsBetween(gaps, targetIndex, last);
    const forward = older.some((journal) => journal.segments.some((place) => place.header.side === 'new'));
    if (forward) mover.assertReachable(older, false);
    else mover.assertReachable(newer, true);
    const moving = { from: { epoch: from.epoch, cycle: from.cycle }, to: { epoch: target.epoch, cycle: target.cycle } };
    store.update({ ...options.begin, moving, marks: null }, options.now());
    mover.swapAll(older, 'old');
    mover.swapAll([...newer].reverse(), 'new');
    const back = fromIndex > targetIndex;
    const between = back
      ? journalsBetween(gaps, targetIndex, fromIndex)
      : journalsBetween(gaps, fromIndex, targetIndex);
    if (fromIndex !== targetIndex) mover.tryMaps(from, target, between, back);
    store.update({ ...options.done, moving: null, position: moving.to }, options.now());
    store.collectGarbage();
    return mover.written;
  } finally {
    closeGaps(gaps);
  }
}
