/**
 * One machine of the simulation: what loses its power, or its process, together. Every call that changes something
 * counts; at the one that was chosen the machine stops, and nothing answers any more until it is started again.
 */

/** Thrown at the moment of a power cut or a kill. No code of the product knows it, so none can take it for an error. */
export class Stopped extends Error {
  constructor() {
    super('the machine has stopped');
    this.name = 'Stopped';
  }
}

export class Machine {
  #left = Infinity;
  #stopped = false;
  /** Handles that are open now: a call that ends in order leaves none behind. */
  openHandles = 0;
  /** Calls that changed something, since it was made. */
  calls = 0;

  /** Lets the machine stop at the call after the next `calls` ones; Infinity for never. */
  stopAfter(calls: number): void {
    this.#left = calls;
  }

  /** Counts a call that changes something. Throws Stopped. */
  change(): void {
    this.alive();
    this.calls += 1;
    if (this.#left === 0) {
      this.#stopped = true;
      throw new Stopped();
    }
    this.#left -= 1;
  }

  /** Throws Stopped where the machine no longer runs. */
  alive(): void {
    if (this.#stopped) throw new Stopped();
  }

  start(): void {
    this.#stopped = false;
    this.#left = Infinity;
    this.openHandles = 0;
  }
}
