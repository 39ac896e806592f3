/** A look that the time ends within a round: what it looked at by then is to be a fair part of the volumes. */
import { expect, test } from 'vitest';
import { boundsOf } from '../../../src-main/protection/forecast/chunk-look.ts';
import { Sampler, type Wanted } from '../../../src-main/protection/forecast/sampler.ts';

const chunkSize = 262_144;
/** Two volumes: one full of data, and one that is zeros for the most part, as its target is. */
const chunks = 2812;
const zerosFrom = chunks - 705;
const differing = zerosFrom * chunkSize;

/** Looks at so many chunks of the first round at most, as far as they are fair. */
function lookedAt(most: number, seed: number): { sampler: Sampler; looked: Wanted[] } {
  const sampler = new Sampler(chunks, boundsOf(chunkSize), seed);
  const wanted = sampler.next(false);
  const looked = wanted.slice(0, wanted.slice(0, most).findLastIndex(({ fair }) => fair) + 1);
  for (const one of looked) {
    sampler.found(one, one.chunk < zerosFrom ? { copy: chunkSize, undo: 0 } : { copy: 0, undo: 0 });
  }
  return { sampler, looked };
}

test.for([40, 179, 300])('after %i chunks of the first round 9 of 10 ranges hold', (most) => {
  const ranges = Array.from({ length: 60 }, (_, seed) => lookedAt(most, seed).sampler.estimate().copy);
  const held = ranges.filter(({ low, high }) => low <= differing && differing <= high);
  expect(held.length).toBeGreaterThanOrEqual(54);
});

test('little is lost where a round is cut, and each batch ascends', () => {
  const { looked } = lookedAt(179, 1);
  expect(looked.length).toBeGreaterThan(0.85 * 179);
  const falls = looked.filter(({ chunk }, n) => n > 0 && chunk < (looked[n - 1]?.chunk ?? 0)).length;
  expect(falls).toBe(looked.filter(({ fair }) => fair).length - 1);
});
