/** Seconds from bytes and rates, and from runs of the past. */
import { expect, test } from 'vitest';
import { timeAhead, type PastRun, type Work } from '../../../src-main/protection/forecast/time.ts';

const mib = 1 << 20;
const work: Work = {
  firstBytes: { low: 0, high: 0 },
  readBytes: 100_000 * mib,
  readAgain: { low: 0, high: 0 },
  copy: { low: 1000 * mib, high: 2000 * mib },
  undo: { low: 1000 * mib, high: 2000 * mib },
  reading: { low: 100 * mib, high: 200 * mib },
  writing: { low: 100 * mib, high: 100 * mib },
  limit: null,
};

function past(ratio: number | null, operation = 'sync'): PastRun {
  return { operation, seconds: 12, copySeconds: 10, ratio };
}

test('at best reading and writing go on at once; the one figure is all one after the other, in the middle', () => {
  const { seconds, modelSeconds, pastRuns } = timeAhead(work, 'sync', []);
  const middle = Math.sqrt(500 * 1000) + Math.sqrt(20 * 40);
  expect(modelSeconds).toBeCloseTo(middle, 0);
  expect(seconds.low).toBeLessThanOrEqual(500);
  expect(seconds.low).toBeGreaterThan(middle / 2);
  expect(seconds.high).toBeGreaterThanOrEqual(1000 + 40 + 1.5);
  expect(seconds.high).toBeLessThan(2 * middle);
  expect(pastRuns).toBe(0);
});

test('where maps tell what differs, whole chunks of the replica are read for what little differs in them', () => {
  const again = { ...work, readAgain: { low: 50_000 * mib, high: 50_000 * mib } };
  const [before, after] = [timeAhead(work, 'sync', []), timeAhead(again, 'sync', [])];
  expect(after.modelSeconds - before.modelSeconds).toBeCloseTo(Math.sqrt(250 * 500), 0);
  expect(after.seconds.high - before.seconds.high).toBeGreaterThanOrEqual(500);
});

test('a limit is kept to, whatever the disks can do', () => {
  const { seconds } = timeAhead({ ...work, limit: 10 * mib }, 'sync', [past(0.1), past(0.1), past(0.1)]);
  expect(seconds.low).toBeGreaterThanOrEqual(9500);
});

test('what is read before all else comes on top', () => {
  const before = timeAhead(work, 'protect', []);
  const after = timeAhead({ ...work, firstBytes: { low: 20_000 * mib, high: 30_000 * mib } }, 'protect', []);
  expect(after.modelSeconds - before.modelSeconds).toBeCloseTo(Math.sqrt(100 * 300), 0);
  expect(after.seconds.low - before.seconds.low).toBeGreaterThan(90);
  expect(after.seconds.high - before.seconds.high).toBeGreaterThanOrEqual(300);
  const limited = { ...work, reading: { low: 10 * mib, high: 10 * mib }, limit: 10 * mib };
  const { seconds } = timeAhead({ ...limited, firstBytes: { low: 20_000 * mib, high: 20_000 * mib } }, 'protect', []);
  expect(seconds.low).toBeGreaterThanOrEqual(0.95 * 12_000);
});

test('runs that took twice what was forecast move the next forecast, and the more there are the nearer', () => {
  const before = timeAhead(work, 'sync', []);
  const few = timeAhead(work, 'sync', [past(2), past(1.9), past(2.1)]);
  expect(few.pastRuns).toBe(3);
  expect(few.seconds.low).toBeGreaterThan(before.modelSeconds);
  expect(few.seconds.high).toBeGreaterThan(before.seconds.high);
  const ratios = [2, 1.9, 2.1, 2, 2.05, 1.95, 2, 2.1];
  const { seconds, modelSeconds } = timeAhead(
    work,
    'sync',
    ratios.map((ratio) => past(ratio)),
  );
  expect(seconds.low).toBeGreaterThan(1.6 * modelSeconds);
  expect(seconds.high).toBeLessThan(2.5 * modelSeconds);
  expect(seconds.high / seconds.low).toBeLessThan(before.seconds.high / before.seconds.low);
});

test('of many runs the one that something else held up does not widen the next forecast', () => {
  const usual = Array.from({ length: 19 }, () => past(1));
  const { seconds, modelSeconds } = timeAhead(work, 'sync', [...usual.slice(0, 9), past(7), ...usual.slice(9)]);
  expect(seconds.high).toBeLessThan(1.3 * modelSeconds);
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
