/** What a stratified sample says of the whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimate } from '../../src-main/protection/checks/sample.ts';

test('a pair weighs as much as it is large', () => {
  const small = { bytes: 256 << 20, chunks: 1024, looked: 64, differing: 26 };
  const large = { bytes: 10 * 2 ** 30, chunks: 40960, looked: 192, differing: 3 };
  const { likelyBytes, upperBytes } = estimate([small, large]) ?? { likelyBytes: 0, upperBytes: 0 };
  expect(likelyBytes).toBe(Math.round((small.bytes * 26) / 64 + (large.bytes * 3) / 192));
  expect(upperBytes).toBeGreaterThan(likelyBytes);
  expect(upperBytes).toBeLessThan(3 * likelyBytes);
});

test('what was read whole is exact', () => {
  const found = estimate([{ bytes: 4096 * 8, chunks: 8, looked: 8, differing: 2 }]);
  expect(found).toMatchObject({ likelyBytes: 8192, upperBytes: 8192, exact: true, basis: 'all 8 chunks' });
});

test('where nothing is known of a pair, nothing is said', () => {
  expect(estimate([{ bytes: 4096, chunks: 1, looked: 0, differing: 0 }])).toBeNull();
  expect(estimate([])).toBeNull();
});

/** Even draws from a seed (mulberry32, T. Ettinger): fast-check's own doubles favour the edges. */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('the upper end holds in about 95 of 100 samples, and is never beyond the volumes', () => {
  let held = 0;
  let cases = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer(), (percent, seed) => {
      const looked = 200;
      const draw = drawsFrom(seed);
      const differing = Array.from({ length: looked }, draw).filter((drawn) => drawn < percent / 100).length;
      const bytes = 2 ** 40;
      const upper = estimate([{ bytes, chunks: 2 ** 22, looked, differing }])?.upperBytes ?? 0;
      cases += 1;
      if (upper >= (percent / 100) * bytes) held += 1;
      return upper <= bytes;
    }),
    { numRuns: 1000 },
  );
  expect(held / cases).toBeGreaterThan(0.9);
  expect(held / cases).toBeLessThan(0.995);
});
