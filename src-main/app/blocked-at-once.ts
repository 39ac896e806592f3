import type { Run } from '../contract/runs.ts';

/**
 * Whether its checks kept a run from doing anything. One that took steps of its plan, and was blocked by the second
 * look after them, has begun: what it meant stands open.
 */
export function blockedAtOnce({ outcome, steps }: Pick<Run, 'outcome' | 'steps'>): boolean {
  return outcome === 'blocked' && steps.every(({ plan }) => plan === undefined);
}
