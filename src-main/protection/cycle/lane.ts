/**
 * The work of one lane of a cycle: strips come in, differing chunks go through the journal to the replica, and what the
 * source holds goes back. Runs on a worker thread (lane-worker.ts), or in place where the tests play power cuts.
 */
import { SitepairError } from '../../contract/errors.ts';
import { Comparer, type Difference } from '../../engine/compare.ts';
import { marks } from '../../engine/chunk-map.ts';
import { LaneControl, type SharedControl } from '../../engine/control.ts';
import type { Knowledge } from '../../engine/knowledge.ts';
import type { Strip, Unreadable } from '../../engine/scan.ts';
import type { Tally } from '../../store/as-mapped.ts';
import type { Disk } from '../../store/disk.ts';
import { recordName } from '../../store/file-names.ts';
import { blockBytes, type JournalIdentity } from '../../store/journal-format.ts';
import { Receiver } from '../../store/receiver.ts';
import type { ReceivingPair } from '../../store/record.ts';
import { readSlotHeader, type SlotHeader } from '../../store/slots.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import type { ByteRange } from '../../volumes/volume.ts';
import type { NewerKnowledge, SideTallies } from './side-classes.ts';

/** One strip to be brought to the replica. */
export interface StripOrder {
  /** Place in the run, from 0; results may come back in another order. */
  number: number;
  pair: number;
  save: ReceivingPair['save'];
  strip: Strip;
  known: Knowledge;
  /** Only of comparisons of both sides: what a newer point had. */
  newer?: NewerKnowledge;
}

export interface StripResult {
  number: number;
  /** What the source's chunks hold. */
  found: Knowledge;
  /** Chunks of the volume, by their index in it, that differ; only of inspections. */
  differing: number[];
  /**
   * Ranges of the source, or of what is inspected, bytes, that could not be read and were passed over, ascending; left
   * out: none.
   */
  unread?: ByteRange[];
  /** How many chunks hold what; only of inspections against a map. */
  tally?: Tally;
  /** What each chunk is, and how many at either side hold what; only of comparisons of both sides. */
  classes?: Uint8Array;
  tallies?: SideTallies;
}

export interface LaneSetup {
  lane: number;
  control: SharedControl;
  identity: Omit<JournalIdentity, 'lane'>;
  chunkSize: number;
  /** What cannot be read of the source is passed over, and the replica keeps what it holds there. */
  skipUnreadable?: boolean;
  /** Only of inspections against a map: what becomes of chunks that cannot be read; left out, that throws. */
  unreadable?: Unreadable;
  /**
   * How much old content goes into one segment of the journal, and the grain of what is saved, bytes; else the format's
   * own.
   */
  segmentPayloadBytes?: number;
  blockBytes?: number;
}

export interface LanePlaces {
  disk: Disk;
  sources: VolumeSet;
  targets: VolumeSet;
}

export class Lane {
  readonly #setup: LaneSetup;
  readonly #places: LanePlaces;
  readonly #control: LaneControl;
  readonly #comparer: Comparer;
  readonly #receiver: Receiver;
  readonly #pairIndexes = new Map<number, number>();
  #blank = Buffer.alloc(0);
  /** The record's header as it was seen last. */
  #fence: SlotHeader | null = null;

  constructor(setup: LaneSetup, places: LanePlaces) {
    this.#setup = setup;
    this.#places = places;
    this.#control = new LaneControl(setup.control, setup.lane);
    this.#comparer = new Comparer(this.#control);
    this.#receiver = new Receiver({
      disk: places.disk,
      identity: { ...setup.identity, lane: setup.lane },
      chunkSize: setup.chunkSize,
      blockSize: setup.blockBytes ?? blockBytes(setup.chunkSize),
      volumes: places.targets,
      fence: () => {
        this.#assertEpoch();
      },
      written: (pair, bytes, offset) => {
        const pairIndex = this.#pairIndexes.get(pair) ?? 0;
        this.#control.add(pairIndex, 'bytesWritten', bytes);
        const chunk = Math.floor(offset / setup.chunkSize);
        this.#control.mark(pairIndex, chunk, chunk + 1, marks.copied);
      },
      ...(setup.segmentPayloadBytes === undefined ? {} : { segmentPayloadBytes: setup.segmentPayloadBytes }),
    });
  }

  process(order: StripOrder): StripResult {
    this.#pairIndexes.set(order.pair, order.strip.pairIndex);
    const unread: ByteRange[] = [];
    const found = this.#comparer.compare({
      strip: order.strip,
      source: this.#places.sources.get(order.pair),
      target: this.#places.targets.get(order.pair),
      known: order.known,
      digests: true,
      ...(this.#setup.skipUnreadable === true && {
        onUnread: (range) => {
          unread.push(range);
        },
      }),
      onDifference: (difference) => {
        this.#take(order, difference);
      },
    });
    return { number: order.number, found, differing: [], ...(unread.length > 0 && { unread }) };
  }

  /** Ends the lane: everything it was given is durable on the replica when this returns. */
  finish(): void {
    this.#receiver.finish();
  }

  /** Lets go of the journal without finishing it; what it holds is there for a rollback. */
  close(): void {
    this.#receiver.close();
  }

  #take(order: StripOrder, difference: Difference): void {
    const { pair } = order;
    if (order.save === 'journal') {
      this.#receiver.save({
        pair,
        chunk: order.strip.firstChunk + difference.index,
        offset: difference.offset,
        old: difference.old,
        fresh: difference.fresh,
        oldDigest: difference.oldDigest,
        newDigest: difference.freshDigest,
      });
      return;
    }
    if (
      order.save === 'blank' &&
      this.#setup.identity.attempt === 1 &&
      !difference.old.equals(this.#zeros(difference.old.length))
    ) {
      const { path } = this.#places.targets.get(pair);
      throw new SitepairError({
        code: 'replica-changed',
        message: `The target ${path} was blank when it was checked and holds data at byte ${difference.offset} now; that was not overwritten.`,
        where: `${path} byte ${difference.offset}`,
        remedy:
          'Find out what writes to the target and copy what is needed of it elsewhere, as a rollback makes the target blank again; then roll back, and protect again.',
      });
    }
    this.#receiver.overwrite({ pair, offset: difference.offset, old: difference.old, fresh: difference.fresh });
  }

  #zeros(length: number): Buffer {
    if (this.#blank.length < length) this.#blank = Buffer.alloc(length);
    return this.#blank.subarray(0, length);
  }

  /**
   * Another installation that was promoted, or took over, raised the epoch in the record: then nothing more is written.
   */
  #assertEpoch(): void {
    const file = this.#places.disk.open(recordName);
    try {
      this.#fence = readSlotHeader(file, this.#fence);
      if (this.#fence?.epoch === this.#setup.identity.epoch) return;
    } finally {
      file.close();
    }
    throw new SitepairError({
      code: 'fenced',
      message: `The ownership record in ${this.#places.disk.path} has a newer epoch: another installation took over; nothing more is written.`,
      where: this.#places.disk.path,
      remedy: 'Look at group show to see which side is active now.',
    });
  }
}
