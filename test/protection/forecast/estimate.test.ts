/** What a sample says of volumes of which all is known: how often its ranges hold, and how wide they are. */
import { expect, test } from 'vitest';
import { boundsOf } from '../../../src-main/protection/forecast/chunk-look.ts';
import { estimate, type Estimate, type Part } from '../../../src-main/protection/forecast/estimate.ts';
import { isNarrow, Sampler } from '../../../src-main/protection/forecast/sampler.ts';
import { population, type Population } from './populations.ts';

const gib = 2 ** 30;

interface Looked {
  found: Estimate;
  looked: number;
}

/** Looks until the range says enough, or so many chunks were looked at. */
function lookAt({ chunks, chunkSize, cost }: Population, most: number, seed: number): Looked {
  const sampler = new Sampler(chunks, boundsOf(chunkSize), seed);
  for (;;) {
    for (const one of sampler.next(false)) sampler.found(one, cost(one.chunk));
    const found = sampler.estimate();
    const { looked } = sampler;
    if (looked === chunks || looked >= most || isNarrow(found.copy, chunks * chunkSize)) return { found, looked };
  }
}

test('9 of 10 ranges hold, and beyond 1 GiB they are at most twice as high as low', { timeout: 300_000 }, () => {
  const cases = Array.from({ length: 120 }, (_, number) => {
    const told = population(number);
    const { found, looked } = lookAt(told, 20_000, number);
    const { low, high } = found.copy;
    return { name: told.name, total: told.total, low, high, looked, width: high / Math.max(1, low) };
  });
  const missed = cases.filter(({ total, low, high }) => total < low || total > high);
  const large = cases.filter(({ high }) => high > gib);
  const wide = large.filter(({ width }) => width > 2);
  const widths = large.map(({ width }) => width).sort((a, b) => a - b);
  const chunksLooked = cases.map(({ looked }) => looked).sort((a, b) => a - b);
  process.stdout.write(
    `${cases.length - missed.length} of ${cases.length} ranges held; beyond 1 GiB ${large.length - wide.length} of ${large.length} at most twice as high as low, the median ${(widths[widths.length >> 1] ?? 0).toFixed(2)}; chunks looked at: median ${chunksLooked[chunksLooked.length >> 1]}, most ${chunksLooked.at(-1)}\n${[...missed, ...wide].map(({ name, total, low, high }) => `  ${name}: ${total} in ${low} to ${high}\n`).join('')}`,
  );
  expect(cases.length - missed.length).toBeGreaterThanOrEqual(0.9 * cases.length);
  expect(wide.length).toBeLessThanOrEqual(0.1 * large.length);
});

test('what was looked at whole is exact', () => {
  const parts: Part[] = [
    { chunks: 2, looked: [nothing, { copy: 4096, undo: 4190 }] },
    { chunks: 1, looked: [nothing] },
  ];
  expect(estimate(parts, boundsOf(4096))).toEqual({
    copy: { low: 4096, high: 4096 },
    undo: { low: 4190, high: 4190 },
  });
});

test('where no difference was found the upper end is about three in as many as were looked at', () => {
  const parts = Array.from({ length: 100 }, (): Part => ({ chunks: 1000, looked: Array<Cost>(10).fill(nothing) }));
  const { copy } = estimate(parts, boundsOf(4096));
  expect(copy.low).toBe(0);
  const ruleOfThree = (3 / 1000) * 100_000 * 4096;
  expect(copy.high / ruleOfThree).toBeGreaterThan(0.8);
  expect(copy.high / ruleOfThree).toBeLessThan(1.5);
});

test('what was found is in the range, whatever else is', () => {
  const found = { copy: 262_144, undo: 262_238 };
  const parts: Part[] = [{ chunks: 1000, looked: [found, found, nothing] }];
  expect(estimate(parts, boundsOf(262_144)).copy.low).toBeGreaterThanOrEqual(2 * 262_144);
});

test('the same seed looks at the same chunks, none twice, and in the end at all', () => {
  const looks = [7, 7, 8].map((seed) => {
    const sampler = new Sampler(1000, boundsOf(4096), seed);
    const seen: number[] = [];
    for (let wanted = sampler.next(false); wanted.length > 0; wanted = sampler.next(false)) {
      for (const one of wanted) sampler.found(one, one.chunk < 100 ? { copy: 4096, undo: 4190 } : nothing);
      seen.push(...wanted.map(({ chunk }) => chunk));
    }
    return seen;
  });
  expect(looks[0]).toEqual(looks[1]);
  expect(looks[0]).not.toEqual(looks[2]);
  for (const seen of looks) expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

type Cost = Part['looked'][number];
const nothing: Cost = { copy: 0, undo: 0 };
