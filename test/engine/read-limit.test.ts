/** The limit of a run, kept by several threads that read at the same time. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ReadLimit, readLimitBytes } from '../../src-main/engine/read-limit.ts';

const limit = 64 << 20;
const threads = 4;

test('threads that wait for the same moment read no more together than the limit lets one', async () => {
  const shared = new SharedArrayBuffer(readLimitBytes);
  const stop = new SharedArrayBuffer(4);
  const bytes = 4096;
  const began = process.hrtime.bigint();
  new ReadLimit(shared).bytesPerSecond = limit;
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('reader-under-limit.ts', import.meta.url), { workerData: { shared, stop, bytes } }),
  );
  const told = workers.map((worker) => once(worker, 'message'));
  await pause(1500);
  Atomics.store(new Int32Array(stop), 0, 1);
  const counts = (await Promise.all(told)).map(([count]) => Number(count));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const read = counts.reduce((sum, count) => sum + count, 0);
  expect(read).toBeGreaterThan(0);
  // A tenth of a second may be made up for at the begin. A machine that is busy only lets less be read.
  expect(read).toBeLessThanOrEqual(limit * (seconds + 0.1) + bytes);
});

test('without a limit nothing is owed, and a new one holds from the next reading on', () => {
  const all = new ReadLimit(new SharedArrayBuffer(readLimitBytes));
  expect([all.bytesPerSecond, all.owed(1 << 30)]).toEqual([null, 0]);
  all.bytesPerSecond = 1;
  expect([all.bytesPerSecond, all.owed(1 << 20)]).toEqual([1, 0]);
  expect(all.owed(1)).toBeGreaterThan(1000);
  all.bytesPerSecond = null;
  expect(all.owed(1)).toBe(0);
});
