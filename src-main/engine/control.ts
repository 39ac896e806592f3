/**
 * What the threads of a run share: counters that lanes write and a timer reads, and the words pause, cancel and limit
 * that lanes obey. Shared memory only, so that a lane which hangs in a device holds nobody up.
 */
import { SitepairError } from '../contract/errors.ts';
import { markChunks, type Mark, type SharedMap } from './chunk-map.ts';
import { ReadLimit, readLimitBytes } from './read-limit.ts';

/** Figures of one lane and one pair, bytes. `bytesUnread` are among the compared ones. */
export const figureNames = ['bytesCompared', 'bytesDiffering', 'bytesWritten', 'bytesSkipped', 'bytesUnread'] as const;
export type FigureName = (typeof figureNames)[number];
export type Figures = Record<FigureName, number>;

const states = { run: 0, pause: 1, cancel: 2 } as const;
const stateCell = 0;
/** Counts checkpoints: a thread that reads and does not give way is seen to be alive by it. */
const beatCell = 1;
const laneFields = 3;

/** What is handed to each thread. */
export interface SharedControl {
  words: SharedArrayBuffer;
  /** Of a `ReadLimit`. */
  pace: SharedArrayBuffer;
  figures: SharedArrayBuffer;
  /**
   * Per lane: since when it has been in one device call (milliseconds since the epoch, 0: in none), of which pair, and
   * of which volume (its number in `volumes` and 1; 0: not known).
   */
  lanes: SharedArrayBuffer;
  /** Paths of the volumes that a run may wait for. */
  volumes: readonly string[];
  /** Rows for one more are there: the thread that hands out strips counts too. */
  laneCount: number;
  pairCount: number;
  /** What became of each chunk; null where nobody looks. */
  map: SharedMap | null;
}

export function createControl(
  laneCount: number,
  pairCount: number,
  map: SharedMap | null = null,
  volumes: readonly string[] = [],
): SharedControl {
  return {
    words: new SharedArrayBuffer(16),
    pace: new SharedArrayBuffer(readLimitBytes),
    figures: new SharedArrayBuffer(8 * figureNames.length * (laneCount + 1) * Math.max(1, pairCount)),
    lanes: new SharedArrayBuffer(8 * laneFields * (laneCount + 1)),
    volumes,
    laneCount,
    pairCount,
    map,
  };
}

export function cancelledError(): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: 'The run was stopped by the operator.',
    remedy: 'See with group show whether something is left open, and how to go on.',
  });
}

export interface LongestCall {
  since: number;
  pairIndex: number;
  volume: string | null;
}

/** The side of the operator: says what lanes are to do, and reads what they did. */
export class Steering {
  readonly shared: SharedControl;
  readonly #words: Int32Array;
  readonly #limit: ReadLimit;

  constructor(shared: SharedControl) {
    this.shared = shared;
    this.#words = new Int32Array(shared.words);
    this.#limit = new ReadLimit(shared.pace);
  }

  get state(): 'run' | 'pause' | 'cancel' {
    const word = Atomics.load(this.#words, stateCell);
    if (word === states.cancel) return 'cancel';
    return word === states.pause ? 'pause' : 'run';
  }

  /** Another number than before where a lane has come by a checkpoint since. */
  get beat(): number {
    return Atomics.load(this.#words, beatCell);
  }

  pause(): void {
    Atomics.compareExchange(this.#words, stateCell, states.run, states.pause);
  }

  continue(): void {
    Atomics.compareExchange(this.#words, stateCell, states.pause, states.run);
    Atomics.notify(this.#words, stateCell);
  }

  cancel(): void {
    Atomics.store(this.#words, stateCell, states.cancel);
    Atomics.notify(this.#words, stateCell);
  }

  /** Bytes a second for all lanes together, or null for no limit. Holds from the next chunk on. */
  limit(bytesPerSecond: number | null): void {
    this.#limit.bytesPerSecond = bytesPerSecond;
  }

  /** The limit in force, bytes a second; null for none. */
  get limitInForce(): number | null {
    return this.#limit.bytesPerSecond;
  }

  /** The figures of one pair, all lanes together. */
  figures(pairIndex: number): Figures {
    const cells = new Float64Array(this.shared.figures);
    const sum: Figures = { bytesCompared: 0, bytesDiffering: 0, bytesWritten: 0, bytesSkipped: 0, bytesUnread: 0 };
    for (let lane = 0; lane <= this.shared.laneCount; lane += 1) {
      figureNames.forEach((name, n) => {
        sum[name] += cells[(lane * this.shared.pairCount + pairIndex) * figureNames.length + n] ?? 0;
      });
    }
    return sum;
  }

  /**
   * The lane that has been in one device call the longest: since when (milliseconds since the epoch), at which pair and
   * at which volume (its path; null where that is not known).
   */
  longestCall(): LongestCall | null {
    const cells = new Float64Array(this.shared.lanes);
    let longest: LongestCall | null = null;
    for (let lane = 0; lane <= this.shared.laneCount; lane += 1) {
      const since = cells[lane * laneFields] ?? 0;
      if (since > 0 && (longest === null || since < longest.since)) {
        const [pairIndex = 0, volume = 0] = cells.slice(lane * laneFields + 1, (lane + 1) * laneFields);
        longest = { since, pairIndex, volume: this.shared.volumes[volume - 1] ?? null };
      }
    }
    return longest;
  }
}

/** The side of one lane: obeys, and counts. */
export class LaneControl {
  readonly #shared: SharedControl;
  readonly #lane: number;
  readonly #words: Int32Array;
  readonly #limit: ReadLimit;
  readonly #figures: Float64Array;
  readonly #calls: Float64Array;

  /** Counts are not atomic, so each thread has a row of its own. */
  constructor(shared: SharedControl, lane: number) {
    this.#shared = shared;
    this.#lane = lane;
    this.#words = new Int32Array(shared.words);
    this.#limit = new ReadLimit(shared.pace);
    this.#figures = new Float64Array(shared.figures);
    this.#calls = new Float64Array(shared.lanes);
  }

  /** For the thread above the lanes: it hands out strips, and does alone what needs no lanes. */
  static above(shared: SharedControl): LaneControl {
    return new LaneControl(shared, shared.laneCount);
  }

  add(pairIndex: number, name: FigureName, bytes: number): void {
    const cell = (this.#lane * this.#shared.pairCount + pairIndex) * figureNames.length + figureNames.indexOf(name);
    this.#figures[cell] = (this.#figures[cell] ?? 0) + bytes;
  }

  /** Says what became of the chunks [from, to) of a pair. */
  mark(pairIndex: number, from: number, to: number, mark: Mark): void {
    if (this.#shared.map !== null) markChunks(this.#shared.map, pairIndex, from, to, mark);
  }

  /** Marks that device calls on this pair begin now, or (null) that none is under way. */
  inCall(pairIndex: number | null): void {
    this.#calls[this.#lane * laneFields + 2] = 0;
    this.#calls[this.#lane * laneFields + 1] = pairIndex ?? 0;
    this.#calls[this.#lane * laneFields] = pairIndex === null ? 0 : Date.now();
  }

  /** Makes a call on this volume, marked as such while it lasts. */
  atVolume<T>(path: string, call: () => T): T {
    const since = this.#lane * laneFields;
    const inOne = this.#calls[since] !== 0;
    this.#calls[since + 2] = this.#shared.volumes.indexOf(path) + 1;
    this.#calls[since] = Date.now();
    try {
      return call();
    } finally {
      this.#calls[since + 2] = 0;
      this.#calls[since] = inOne ? Date.now() : 0;
    }
  }

  /** Waits while paused. Throws `cancelled` when the run is. */
  checkpoint(): void {
    Atomics.add(this.#words, beatCell, 1);
    for (;;) {
      const word = Atomics.load(this.#words, stateCell);
      if (word === states.run) return;
      if (word === states.cancel) throw cancelledError();
      this.inCall(null);
      Atomics.wait(this.#words, stateCell, word, 500);
    }
  }

  /** Waits until `bytes` more may be read under the limit. */
  spend(bytes: number): void {
    for (let wait = this.owed(bytes); wait > 0; wait = this.owed(bytes)) {
      this.inCall(null);
      Atomics.wait(this.#words, stateCell, states.run, Math.min(200, wait));
      this.checkpoint();
    }
  }

  /** Milliseconds until `bytes` more may be read under the limit; where it is 0 they count as read. */
  owed(bytes: number): number {
    return this.#limit.owed(bytes);
  }
}
