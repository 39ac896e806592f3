import { expect, test } from 'vitest';
import { digestOf } from '../support/fingerprint.ts';
import { Installation } from '../support/installation.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('an hour back: points stay in the order of their cycles, and it is said', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect('--keep-points', '2');
  write(sites.source(), 0, 5000);
  await sitepair.must('sync', name);
  const middle = digestOf(sites.source());

  const back = new Installation(sitepair.home, { clockAheadSeconds: -3600 });
  const skew = (await back.must('check', name, '--for', 'sync')).checks?.find((check) => check.id === 'clock-skew');
  expect(skew).toMatchObject({ status: 'warn', blocks: false });
  expect(skew?.found).toMatch(/in the future/);
  const before = await back.group(name);
  // An age is never negative, and no number is made up.
  expect(before.rpo.actualSeconds).toBeNull();
  expect(before.health.reasons.join()).toMatch(/dated .* in the future: a clock was set back/);

  write(sites.source(), 100_000, 5000);
  const { run } = await back.must('sync', name);
  expect(run?.seconds).toBeGreaterThanOrEqual(0);
  sites.expectMirrored();
  const newest = digestOf(sites.source());
  const { points } = await back.group(name);
  // Retention dropped the oldest by its number, though the newest has the oldest time.
  expect(points.map((point) => point.id)).toEqual(['1.2', '1.3']);
  expect(Date.parse(points[1]?.at ?? '')).toBeLessThan(Date.parse(points[0]?.at ?? ''));

  const { checks } = await back.must('check', name, '--for', 'failover', '--point', '1.2');
  expect(checks?.find((check) => check.id === 'point-age')).toMatchObject({ status: 'unknown', blocks: false });
  const { group } = await back.must('failover', name, '--confirm', name);
  // The point that is taken unasked is the one with the highest number.
  expect(digestOf(sites.target())).toBe(newest);
  expect(group?.points.find((point) => point.current)?.id).toBe('1.3');
  await back.must('change-point', name, '--point', '1.2', '--confirm', name);
  expect(digestOf(sites.target())).toBe(middle);
});

test('a clock that was ahead and is put right again', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const ahead = new Installation(sitepair.home, { clockAheadSeconds: 3600 });
  await ahead.must(...sites.creation());
  await ahead.must('protect', name);
  write(sites.source(), 0, 5000);
  const group = await sitepair.group(name);
  expect(group.rpo.actualSeconds).toBeNull();
  await sitepair.must('sync', name);
  sites.expectMirrored();
  expect((await sitepair.group(name)).points.map((point) => point.id)).toEqual(['1.1', '1.2']);
  const { checks } = await sitepair.must('check', name, '--for', 'planned-failover');
  expect(checks?.find((check) => check.id === 'clock-skew')?.status).toBe('pass');
});
