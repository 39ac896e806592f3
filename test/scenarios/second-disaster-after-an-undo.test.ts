/**
 * A side that was promoted, had its role back by an undo, and lost it again: its points are older than what production
 * wrote there, so they are neither what it holds nor what it is promoted at without being named.
 */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/**
 * Promoted at Hall B, written there, given up for Hall A, given back by an undo, written again, failed back from. Gives
 * what the newest old point holds, and what production left.
 */
async function failedBack(sites: TwoSites): Promise<{ newest: string[]; left: string[]; id: string }> {
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')], ['undo']);
  const group = await groupIn(sites, 'protected');
  expect(group.points.filter((point) => point.site === 'B' && point.current)).toEqual([]);
  write(sites.target(1), 200_000, 10_000);
  const left = contents(sites, 'b');
  await confirmed(sites, ['failback']);
  return { newest, left, id: pointOf(await groupIn(sites, 'failed-over'), 'as-left') };
}

for (const [kind, make] of [
  ['plain files', (...given: ConstructorParameters<typeof TwoSites>) => new TwoSites(...given)],
  ['clones', sitesWithClones],
] as const) {
  test(`${kind}: what production left is named, and its points end with its promotion`, async (context) => {
    const sites = make(context);
    const { left, id } = await failedBack(sites);
    lose(sites, 'a');
    const error = await sites.refused(3, /Production has written to Hall B/, ['failover', 'erp', '--confirm', 'erp']);
    expect(error.remedy).toContain(`--point ${id} --confirm`);
    await sites.refused(2, /2 points at Hall B .* end/, ['failover', 'erp', '--point', id]);
    await confirmed(sites, ['failover', '--point', id]);
    expect(contents(sites, 'b')).toEqual(left);
    expect((await groupIn(sites, 'failed-over')).points).toEqual([]);
    await sites.refused(2, /no point 1\.1/, ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp']);
    expect(readdirSync(dirname(sites.target())).filter((name) => name.includes('.sitepair-'))).toEqual([]);
  });
}

test('clones: a point that is named is still taken from its clone', async (context) => {
  const sites = sitesWithClones(context);
  const { newest, left } = await failedBack(sites);
  await confirmed(sites, ['commit']);
  lose(sites, 'a');
  await confirmed(sites, ['failover', '--point', '1.2']);
  expect(contents(sites, 'b')).toEqual(newest);
  await confirmed(sites, ['change-point', '--point', pointOf(await groupIn(sites, 'failed-over'), 'before-change')]);
  expect(contents(sites, 'b')).toEqual(left);
});

test("production's version, brought back by a resume, is never cloned as if it were the point", async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const version = contents(sites, 'b');
  await confirmed(sites, ['change-point', '--point', '1.1']);
  const kept = pointOf(await groupIn(sites, 'failed-over'), 'before-change');
  const back = ['change-point', 'erp', '--point', kept, '--confirm', 'erp'];
  expect(await killed(sites, { files: recoveryRecord, nth: 3 }, ...back)).toBe(true);
  await sites.sitepair.must('resume', 'erp');
  expect(contents(sites, 'b')).toEqual(version);
  expect((await groupIn(sites, 'failed-over')).points.filter((point) => point.current && point.site === 'B')).toEqual(
    [],
  );

  for (const site of ['A', 'B']) {
    const left = (await groupIn(sites, 'failed-over')).points.find((point) => point.kind === 'as-left');
    expect(left?.site).toBe(site);
    await confirmed(sites, ['failover', '--point', left?.id ?? '']);
  }
  expect(contents(sites, 'b')).toEqual(version);
  expect((await groupIn(sites, 'failed-over')).points.filter((point) => point.site === 'B')).toEqual([]);
});

test('an undo that is taken back leaves no point: production writes on', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 50_000, 20_000);
  const production = contents(sites, 'b');
  const place = { files: /\/b\/one\.img$/, nth: 1 };
  expect(await killed(sites, place, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  expect(pointOf(await groupIn(sites, 'undoing'), 'before-undo')).not.toBe('');
  await sites.sitepair.must('rollback', 'erp');
  expect(contents(sites, 'b')).toEqual(production);
  expect((await groupIn(sites, 'failed-over')).points.map(({ kind, site }) => [kind, site])).toEqual([
    ['as-left', 'A'],
  ]);
});

test('after a round trip: what was written since the failover is not counted from a point of long ago', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover', '--planned'], ['commit'], ['reprotect'], ['failback'], ['commit'], ['reprotect']);
  write(sites.source(0), 0, 200_000);
  await confirmed(sites, ['failover', '--planned']);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  await sites.refused(2, /What Hall A wrote since the failover cannot be told/, ['undo', 'erp']);
});
