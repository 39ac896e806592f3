/** How far a run is, and how long it takes, is said of what has to be read: holes are passed over in no time. */
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Progress } from '../../src-main/contract/runs.ts';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const MiB = 1 << 20;

test('half of the data of a sparse volume is half of the way', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.source(), randomBytes(8 * MiB));
  truncateSync(sites.source(), 2 ** 33);
  await sites.sitepair.must(...sites.creation('--chunk-size', '1M', '--limit', '4M/s'));
  const application = await applicationAt(sites.sitepair.home, context);
  const seen: Progress[] = [];
  application.subscribe('run.progress', (progress) => seen.push(progress));
  const started = await application.invoke('operations.start', { operation: 'protect', group: 'erp' });
  await application.invoke('operations.result', started);
  const read = ({ pairs }: Progress): number => pairs[0]?.bytesCompared ?? 0;
  const under = seen.filter((progress) => read(progress) > 0 && read(progress) < 8 * MiB);
  expect(under.length).toBeGreaterThan(2);
  for (const { percent, pairs } of under) {
    expect(percent).toBeCloseTo((100 * (pairs[0]?.bytesCompared ?? 0)) / (8 * MiB), 5);
    expect(pairs[0]?.percent, 'the volume says no other than the run').toBeCloseTo(percent ?? 0, 5);
    expect(pairs[0]?.bytesOfData).toBe(8 * MiB);
  }
  // With 8 GiB in all, what the holes would take is hundreds of times as much.
  for (const { secondsLeft } of under) expect(secondsLeft?.high ?? 0).toBeLessThan(100);
  expect(seen.at(-1)?.percent).toBe(100);
  // What a window that comes late draws: no more than one a second, each as it was pushed.
  const { samples } = await application.invoke('runs.rates', { id: started.runId });
  expect(samples.length).toBeGreaterThan(0);
  const pushed = new Set(seen.map(({ bytesPerSecond }) => bytesPerSecond));
  for (const { bytesPerSecond } of samples) expect(pushed).toContain(bytesPerSecond);
  samples.slice(1).forEach(({ at }, n) => {
    expect(at - (samples[n]?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  });
});

test('while a run goes on its forecast is refined, and ends at what was copied', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.source(), randomBytes(16 * MiB));
  await sites.protect('--chunk-size', '1M', '--limit', '8M/s');
  for (let n = 0; n < 8; n += 1) write(sites.source(), n * 2 * MiB, 500_000);
  const application = await applicationAt(sites.sitepair.home, context);
  const seen: Progress[] = [];
  application.subscribe('run.progress', (progress) => seen.push(progress));
  const carryOut = async (): Promise<void> => {
    const started = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
    await application.invoke('operations.result', started);
  };
  const { forecast } = await application.invoke('forecasts.make', { group: 'erp', operation: 'sync' });
  await carryOut();
  const copying = seen.filter(({ pairs }) => pairs.length > 0);
  expect(copying.length).toBeGreaterThan(2);
  for (const { bytesExpected, pairs, percent } of copying) {
    const [written, left] = [pairs[0]?.bytesWritten ?? 0, 1 - (percent ?? 0) / 100];
    expect(bytesExpected?.low).toBeCloseTo(written + left * forecast.copy.low, -1);
    expect(bytesExpected?.high).toBeCloseTo(written + left * forecast.copy.high, -1);
  }
  const end = copying.at(-1);
  expect(end?.bytesExpected).toEqual({ low: end?.figures.bytesWritten, high: end?.figures.bytesWritten });
  // A run without a forecast expects nothing.
  seen.length = 0;
  await carryOut();
  expect(seen.some(({ bytesExpected }) => bytesExpected !== undefined)).toBe(false);
});
