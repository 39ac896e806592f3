/** Whoever watches a drill, on a terminal or in a window. */
import type { DrillMoment, DrillStep } from '../contract/drill.ts';

export interface DrillAudience {
  /** Told often while a step goes on; each moment takes the place of the one before. */
  doing(moment: DrillMoment): void;
  /** Told of each step when it has ended, however it did. */
  ended(step: DrillStep): void;
}
