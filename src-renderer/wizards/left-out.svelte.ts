/** Which steps of the plan the operator leaves out of the run that is about to start, and why. */
import type { SaidOfStep } from '../../src-main/contract/plan-run.ts';

export class LeftOut {
  ids = $state<string[]>([]);
  why = $state('');

  /** As the run is told of it; nothing where no step is left out. */
  get said(): { steps?: SaidOfStep[] } {
    if (this.ids.length === 0) return {};
    return { steps: this.ids.map((id) => ({ id, is: 'left-out', note: this.why.trim() })) };
  }

  /** What keeps the run from starting, as a button says it; undefined for nothing. */
  get lacks(): string | undefined {
    return this.ids.length > 0 && this.why.trim() === '' ? 'say why steps are left out' : undefined;
  }
}
