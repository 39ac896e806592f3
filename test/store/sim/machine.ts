/**
 * One machine of the simulation: what loses its power, or its process, together. Every call that changes something
 * counts; at the one that was chosen the machine stops, and nothing answers any more until it is started again, or that
 * one call fails and all goes on.
 */

import { SitepairError, type ErrorCode } from '../../../src-main/contract/errors.ts';

/** Thrown at the moment of a power cut or a kill. No code of the product knows it, so none can take it for an error. */
export class Stopped extends Error {
  constructor() {
    super('the machine has stopped');
    this.name = 'Stopped';
  }
}

export type Trouble = 'power cut' | 'kill' | 'error';

export class Machine {
  #left = Infinity;
  #how: Trouble = 'kill';
  #stopped = false;
  /** The error that a call was made to give, if one was. */
  given: SitepairError | null = null;
  /** Handles that are open now: a call that ends in order leaves none behind. */
  openHandles = 0;

  /** Lets the machine stop, or that one call fail, at the call after the next `calls` ones. */
  troubleAfter(calls: number, how: Trouble): void {
    this.#left = calls;
    this.#how = how;
  }

  /** Counts a call that changes something. Throws Stopped, or an error of that code after `failing` was called. */
  change(code: ErrorCode = 'write-failed', failing: () => void = () => undefined): void {
    this.alive();
    if (this.#left > 0) {
      this.#left -= 1;
      return;
    }
    this.#left = Infinity;
    if (this.#how === 'error') {
      failing();
      this.given = new SitepairError({ code, message: 'This call was made to fail.', remedy: 'None.' });
      throw this.given;
    }
    this.#stopped = true;
    throw new Stopped();
  }

  /** Throws Stopped where the machine no longer runs. */
  alive(): void {
    if (this.#stopped) throw new Stopped();
  }

  /** Runs again, and without trouble. */
  start(): void {
    this.#stopped = false;
    this.given = null;
    this.#left = Infinity;
    this.openHandles = 0;
  }
}
