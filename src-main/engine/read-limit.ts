/**
 * How much may be read in a second, shared by all threads of a run: each reading claims its time before it begins. A
 * pause is made up for by a tenth of a second at most.
 */

/** Bytes of the shared memory: the limit in bytes a second, 0 for none, and when the next byte may go, microseconds. */
export const readLimitBytes = 16;
const limitCell = 0;
const dueCell = 1;
const madeUpFor = 100_000n;

export class ReadLimit {
  readonly #limit: Float64Array;
  readonly #due: BigInt64Array;

  constructor(shared: SharedArrayBuffer) {
    this.#limit = new Float64Array(shared);
    this.#due = new BigInt64Array(shared);
  }

  /** Bytes a second for all threads together; null for no limit. */
  get bytesPerSecond(): number | null {
    const limit = this.#limit[limitCell] ?? 0;
    return limit <= 0 ? null : limit;
  }

  set bytesPerSecond(limit: number | null) {
    Atomics.store(this.#due, dueCell, 0n);
    this.#limit[limitCell] = limit ?? 0;
  }

  /** Milliseconds until `bytes` more may be read; where it is 0 they are claimed. */
  owed(bytes: number): number {
    const limit = this.bytesPerSecond;
    if (limit === null) return 0;
    for (;;) {
      const due = Atomics.load(this.#due, dueCell);
      // A clock that is set back must not hold up the threads; this one is the same for all of them.
      const now = process.hrtime.bigint() / 1000n;
      if (due > now) return Number(due - now) / 1000;
      const from = due > now - madeUpFor ? due : now - madeUpFor;
      const next = from + BigInt(Math.ceil((bytes * 1_000_000) / limit));
      // Threads that waited for the same moment wake together: only one of them has it.
      if (Atomics.compareExchange(this.#due, dueCell, due, next) === due) return 0;
    }
  }
}
