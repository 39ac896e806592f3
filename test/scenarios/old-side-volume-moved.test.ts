/** At an old production side a volume gets another path: nobody knows that what lies there is what production left. */
import { copyFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed, records } from '../support/kills.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const cannotTell = /whether what lies there now is what production left cannot be told/;

/** Production is at B, and the first pair of A has the path of a blank file. */
async function blankAtOldSide(context: TestContext): Promise<{ sites: TwoSites; change: (path: string) => string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 9000);
  const blank = sites.path('a/blank.img');
  writeFileSync(blank, '');
  truncateSync(blank, 300_001);
  const change = (path: string): string[] => ['group', 'set', 'erp', '--path', `pair-1:primary=${path}`];
  await sites.sitepair.must(...change(blank));
  return { sites, change };
}

test('another volume is neither promoted nor gone back to unless it is accepted; with its old path all is as before', async (context) => {
  const { sites, change } = await blankAtOldSide(context);
  const group = await groupIn(sites, 'failed-over');
  const left = pointOf(group, 'as-left');
  expect(group.points.find((point) => point.id === left)?.lacks).toEqual(['pair-1']);
  const promoting = ['failover', 'erp', '--point', left, '--confirm', 'erp'];
  await sites.refused(3, cannotTell, promoting);
  await sites.refused(3, cannotTell, ['undo', 'erp', '--confirm', 'erp']);
  const held = contents(sites, 'a');
  await sites.sitepair.must(...change(sites.source(0)));
  await sites.sitepair.must(...promoting);
  expect(contents(sites, 'a')).toEqual(held);
  expect(pointOf(await groupIn(sites, 'failed-over'), 'as-left')).not.toBe(left);
});

test('the same volume under another name is accepted, and then it is production’s', async (context) => {
  const { sites, change } = await blankAtOldSide(context);
  const moved = sites.path('a/moved.img');
  renameSync(sites.source(0), moved);
  await sites.sitepair.must(...change(moved));
  sites.pairs = [{ source: moved, target: sites.target(0) }, ...sites.pairs.slice(1)];
  const held = contents(sites, 'a');
  await confirmed(sites, ['undo', '--accept', 'replica-intact']);
  expect(contents(sites, 'a')).toEqual(held);
  sites.expectMirrored();
  await confirmed(sites, ['failover']);
  const group = await groupIn(sites, 'failed-over');
  expect(group.points.find((point) => point.kind === 'as-left')?.lacks).toEqual([]);
});

test('what a reprotect keeps lacks the pair', async (context) => {
  const { sites } = await blankAtOldSide(context);
  await confirmed(sites, ['commit'], ['reprotect']);
  const { points } = await groupIn(sites, 'protected');
  expect(points.find((point) => point.kind === 'before-reprotect')?.lacks).toEqual(['pair-1']);
});

test('the change of a path is cut off between the two records: the side knows of it', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover', '--planned'], ['commit'], ['reprotect'], ['failback']);
  const other = sites.path('b/other.img');
  copyFileSync(sites.target(0), other);
  const change = ['group', 'set', 'erp', '--path', `pair-1:recovery=${other}`];
  expect(await killed(sites, { files: records, nth: 2 }, ...change)).toBe(true);
  const left = (await groupIn(sites, 'failed-over')).points.find((point) => point.kind === 'as-left');
  expect(left?.lacks).toEqual(['pair-1']);
  await sites.refused(3, cannotTell, ['undo', 'erp', '--confirm', 'erp']);
});
