/** What a comparison of both sides says of a chunk, and what it counts on the way. */
import type { Knowledge } from '../../engine/knowledge.ts';
import type { Tally } from '../../store/as-mapped.ts';

/** What is found of a chunk, the source being one side and the target the other. */
export const sideClass = {
  /** A hole on both sides, and blank at the point. */
  hole: 0,
  unchanged: 1,
  /** Equal on both sides, though not as at the point, or that is not known. */
  same: 2,
  onlySource: 3,
  onlyTarget: 4,
  both: 5,
  /** They differ, and what the point had is not known. */
  unknown: 6,
} as const;

/** Added to a class where the old side holds what a newer point had, which the other side was not promoted at. */
export const leftOutFlag = 8;

/** What chunks were at the newer point, and which side may still hold that. */
export interface NewerKnowledge {
  side: 'source' | 'target';
  known: Knowledge;
}

export interface SideTallies {
  source: Tally;
  target: Tally;
}

export function noTally(): Tally {
  return { fitting: 0, strange: 0, empty: 0 };
}
