/**
 * Lanes that work in the calling thread: for samples, which take less time than a thread's start, and for the tests
 * that play power cuts.
 */
import type { StripOrder, StripResult } from './lane.ts';
import type { Lanes } from './receive.ts';

/** A lane that receives, or one that only reads. */
interface InlineLane {
  process(order: StripOrder): StripResult;
  finish(): void;
}

export class InlineLanes implements Lanes {
  readonly #lanes: readonly InlineLane[];
  readonly #onResult: (result: StripResult) => void;

  /** Strips go to the lanes in turn. */
  constructor(lanes: readonly InlineLane[], onResult: (result: StripResult) => void) {
    this.#lanes = lanes;
    this.#onResult = onResult;
  }

  give(order: StripOrder): Promise<void> {
    const lane = this.#lanes[order.number % this.#lanes.length];
    if (lane === undefined) return Promise.reject(new Error('no lane'));
    try {
      this.#onResult(lane.process(order));
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  finish(): Promise<void> {
    try {
      for (const lane of this.#lanes) lane.finish();
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
