/**
 * The second disaster while `committed`: production runs at the recovery site, the old primary side has not been
 * touched since it lost its role, and now the recovery site dies. What the old side holds can be promoted, when it is
 * named.
 */
import { expect, test, type TestContext } from 'vitest';
import { bringBack, confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Committed at the recovery site, which is lost. */
async function secondDisaster(
  context: TestContext,
): Promise<{ sites: TwoSites; left: string[]; production: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 70_000);
  const left = contents(sites, 'a');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 200_000, 50_000);
  write(sites.target(1), 0, 50_000);
  const production = contents(sites, 'b');
  await confirmed(sites, ['commit']);
  lose(sites, 'b');
  return { sites, left, production };
}

test('what was left is promoted only when its id is given, and the loss is said', async (context) => {
  const { sites, left } = await secondDisaster(context);
  const group = await groupIn(sites, 'committed');
  const id = pointOf(group, 'as-left');
  expect(group.points.map((point) => [point.kind, point.site, point.current])).toEqual([['as-left', 'A', true]]);
  const unnamed = await sites.refused(3, /Hall A has no point of a cycle/, ['failover', 'erp', '--confirm', 'erp']);
  expect(unnamed.remedy).toContain(`--point ${id}`);
  const asked = await sites.refused(2, /since Hall A lost its role, in the .* since .*, is lost/, [
    'failover',
    'erp',
    '--point',
    id,
  ]);
  expect(asked.remedy).toContain('--confirm erp');
  await sites.refused(2, /no point 1\.1/, ['failover', 'erp', '--point', '1.1', '--confirm', 'erp']);

  await confirmed(sites, ['failover', '--point', id]);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  expect(contents(sites, 'a')).toEqual(left);
});

test('the recovery site comes back: it is refused until it is reprotected, and nothing it held is lost', async (context) => {
  const { sites, production } = await secondDisaster(context);
  const id = pointOf(await groupIn(sites, 'committed'), 'as-left');
  await confirmed(sites, ['failover', '--point', id]);
  write(sites.source(1), 900_000, 20_000);
  const since = contents(sites, 'a');
  bringBack(sites, 'b');
  await sites.refused(3, /failed over/, ['sync', 'erp']);
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'a')).toEqual(since);
  sites.expectMirrored();
  const group = await groupIn(sites, 'protected');
  expect(group.activeSite).toBe('primary');
  await confirmed(sites, ['failover', '--point', pointOf(group, 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('the recovery site comes back and is gone back to: undo keeps what the old side wrote', async (context) => {
  const { sites, production } = await secondDisaster(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'committed'), 'as-left')]);
  write(sites.source(0), 0, 90_000);
  const since = contents(sites, 'a');
  bringBack(sites, 'b');
  await confirmed(sites, ['undo']);
  const group = await groupIn(sites, 'protected');
  expect(group.activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
  sites.expectMirrored();

  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(group, 'before-undo')]);
  expect(contents(sites, 'a')).toEqual(since);
});

test('a second disaster before commit: the points of the side that dies are ended once production wrote there', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const left = contents(sites, 'a');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 5000);
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  expect(contents(sites, 'a')).toEqual(left);
  bringBack(sites, 'b');
  const group = await groupIn(sites, 'failed-over');
  expect(group.activeSite).toBe('primary');
  expect(group.points.map((point) => [point.kind, point.site, point.state])).toEqual([
    ['cycle', 'B', 'ended'],
    ['as-left', 'B', 'usable'],
  ]);
});

test('a third one, back to a side that production wrote on: what it holds is named, its ended points are refused', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const production = contents(sites, 'b');
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  bringBack(sites, 'b');
  await confirmed(sites, ['commit']);
  lose(sites, 'a');
  const id = pointOf(await groupIn(sites, 'committed'), 'as-left');
  for (const point of [[], ['--point', '1.1']]) {
    const error = await sites.refused(3, /Production has written to Hall B/, [
      'failover',
      'erp',
      ...point,
      '--confirm',
      'erp',
    ]);
    expect(error.remedy).toContain(`--point ${id} --confirm erp`);
  }
  await sites.refused(2, /2 points at Hall B .* end/, ['failover', 'erp', '--point', id]);
  await confirmed(sites, ['failover', '--point', id]);
  expect(contents(sites, 'b')).toEqual(production);
  expect((await groupIn(sites, 'failed-over')).points).toEqual([]);
});

test('after a round trip: the old side is promoted though its record knows a point from long ago', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover', '--planned'], ['commit'], ['reprotect'], ['failback'], ['commit'], ['reprotect']);
  write(sites.source(0), 0, 200_000);
  const left = contents(sites, 'a');
  await confirmed(sites, ['failover']);
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  expect(contents(sites, 'a')).toEqual(left);
  bringBack(sites, 'b');
  await sites.refused(2, /What Hall A wrote since the failover cannot be told/, ['undo', 'erp']);
});
