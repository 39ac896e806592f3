/** What people answer to a run that waits at a step. */
import type { StepAnswer } from '../../contract/plan-run.ts';

export class StepAnswers {
  #given: StepAnswer[] = [];

  give(answer: StepAnswer): void {
    this.#given.push(answer);
  }

  /** The first answer that is meant for a step; null where there is none yet. */
  take(step: string): StepAnswer | null {
    const found = this.#given.find((one) => one.step === step) ?? null;
    this.#given = this.#given.filter((one) => one !== found);
    return found;
  }
}
