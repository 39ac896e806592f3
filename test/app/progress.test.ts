/** How far a run is, and how long it takes, is said of what has to be read: holes are passed over in no time. */
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Progress } from '../../src-main/contract/runs.ts';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';

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
  for (const progress of under) expect(progress.percent).toBeCloseTo((100 * read(progress)) / (8 * MiB), 5);
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
