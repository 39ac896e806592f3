/** Expects that a planted bug is found. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { histories, play } from './history.ts';
import type { Sabotage } from './site.ts';

/** Histories within which a planted bug must be found. */
const bound = 2000;

/**
 * Plays histories until one fails; the test fails where none does. The seed is random, and named where that happens.
 */
export async function expectFound(sabotage: Sabotage = {}): Promise<void> {
  const seed = Math.floor(Math.random() * 0x7fff_ffff);
  const details = await fc.check(
    fc.asyncProperty(histories, (history) => play(history, sabotage)),
    { seed, numRuns: bound, endOnFailure: true },
  );
  expect(details.failed, `not found in ${bound} histories from seed ${seed}`).toBe(true);
  const { errorInstance } = details;
  const how = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  console.log(`found after ${details.numRuns} histories: ${how}`);
}
