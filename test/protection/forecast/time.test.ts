/** Seconds from bytes and rates, and from runs of the past. */
import { expect, test } from 'vitest';
import { timeAhead, type PastRun, type Work } from '../../../src-main/protection/forecast/time.ts';

const mib = 1 << 20;
const work: Work = {
  firstBytes: { low: 0, high: 0 },
  readBytes: 100_000 * mib,
  copy: { low: 1000 * mib, high: 2000 * mib },
  undo: { low: 1000 * mib, high: 2000 * mib },
  reading: { low: 100 * mib, high: 200 * mib },
  writing: { low: 100 * mib, high: 100 * mib },
  limit: null,
};

function past(ratio: number | null, operation = 'sync'): PastRun {
  return { operation, seconds: 12, copySeconds: 10, ratio };
}

test('at best reading and writing go on at once, at worst one after the other', () => {
  const { seconds, pastRuns } = timeAhead(work, 'sync', []);
  expect(seconds.low).toBeCloseTo(500, 0);
  expect(seconds.high).toBeCloseTo(1000 + 40 + 1.5, 0);
  expect(pastRuns).toBe(0);
});

test('a limit is kept to, whatever the disks can do', () => {
  const { seconds } = timeAhead({ ...work, limit: 10 * mib }, 'sync', [past(0.1), past(0.1), past(0.1)]);
  expect(seconds.low).toBeGreaterThanOrEqual(9500);
});

test('what is read before all else comes on top', () => {
  const before = timeAhead(work, 'protect', []).seconds;
  const after = timeAhead({ ...work, firstBytes: { low: 20_000 * mib, high: 30_000 * mib } }, 'protect', []).seconds;
  expect([after.low - before.low, after.high - before.high].map(Math.round)).toEqual([100, 300]);
  const limited = { ...work, reading: { low: 10 * mib, high: 10 * mib }, limit: 10 * mib };
  const { seconds } = timeAhead({ ...limited, firstBytes: { low: 20_000 * mib, high: 20_000 * mib } }, 'protect', []);
  expect(seconds.low).toBeGreaterThanOrEqual(0.95 * 12_000);
});

test('runs that took twice what was forecast move the next forecast', () => {
  const before = timeAhead(work, 'sync', []);
  const { seconds, modelSeconds, pastRuns } = timeAhead(work, 'sync', [past(2), past(1.9), past(2.1)]);
  expect(pastRuns).toBe(3);
  expect(seconds.low).toBeGreaterThan(1.6 * modelSeconds);
  expect(seconds.high).toBeLessThan(2.5 * modelSeconds);
  expect(seconds.high / seconds.low).toBeLessThan(before.seconds.high / before.seconds.low);
});

test('a run is held against runs of its own kind where there are enough', () => {
  const others = [past(5, 'reprotect'), past(5, 'reprotect'), past(5, 'reprotect')];
  const { seconds, modelSeconds } = timeAhead(work, 'sync', [...others, past(1), past(1), past(1)]);
  expect(seconds.high).toBeLessThan(2 * modelSeconds);
});

test('short times are told in whole seconds, outwards', () => {
  const none = { low: 0, high: 0 };
  const { seconds } = timeAhead({ ...work, readBytes: mib, copy: none, undo: none }, 'sync', []);
  expect(seconds).toEqual({ low: 0, high: 2 });
});
