/** Keeps with a run's steps how long it did nothing in them: waited for a person, was paused, or its machine slept. */
import type { Run } from '../contract/runs.ts';

/** Where so long nobody looked, the machine slept or the process was stopped, milliseconds. */
const stoodStillAfter = 5000;

export class IdleTime {
  readonly #run: Run;
  #idle = false;
  #noted = Date.now();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Takes down what has gone by since the last time; several times a second, and whenever a step or `idle` changes. */
  note(idle: boolean): void {
    const now = Date.now();
    const gone = now - this.#noted;
    const step = this.#run.steps.at(-1);
    if (step !== undefined && (this.#idle ? gone > 0 : gone > stoodStillAfter)) {
      step.idleSeconds = (step.idleSeconds ?? 0) + gone / 1000;
    }
    this.#noted = now;
    this.#idle = idle;
  }
}
