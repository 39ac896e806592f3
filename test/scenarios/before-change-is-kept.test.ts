/**
 * Production's versions that changes of point set aside, on a file system with reflinks: each may be the only copy of
 * what production wrote, so it stays until it is dropped, or until a commit or a reprotect that has said so.
 */
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { write, type TwoSites } from '../support/two-sites.ts';

/** Failed over; production has written there, and then the point was changed. */
async function changed(context: TestContext): Promise<{ sites: TwoSites; version: string[]; id: string }> {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const version = contents(sites, 'b');
  await confirmed(sites, ['change-point', '--point', '1.1']);
  return { sites, version, id: pointOf(await groupIn(sites, 'failed-over'), 'before-change') };
}

/** The files beside the volumes, without those of the pairs. */
function beside(sites: TwoSites): string[] {
  return readdirSync(sites.path('b/volumes')).filter((name) => !name.endsWith('.img'));
}

test('an undo keeps it, and it can be had again after the next failover', async (context) => {
  const { sites, version, id } = await changed(context);
  await sites.refused(2, new RegExp(`before-change ${id}, .* stays there until it is dropped`), ['undo', 'erp']);
  await confirmed(sites, ['undo']);
  sites.expectMirrored();
  expect(pointOf(await groupIn(sites, 'protected'), 'before-change')).toBe(id);
  write(sites.source(1), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const named = ['failover', 'erp', '--point', id, '--confirm', 'erp'];
  const error = await sites.refused(3, /only another change of point brings it back/, named);
  expect(error.remedy).toContain(`sitepair change-point erp --point ${id} --confirm erp`);

  await confirmed(sites, ['failover'], ['change-point', '--point', id]);
  expect(contents(sites, 'b')).toEqual(version);
});

test('a second change of point keeps both; one can be dropped; a commit says what ends', async (context) => {
  const { sites, version, id } = await changed(context);
  write(sites.target(0), 10_000, 100);
  const stranger = `${sites.target(1)}.sitepair-before-change-4`;
  writeFileSync(stranger, 'of a group that was removed');
  await sites.refused(3, /cannot be set aside: .* is there already/, [
    'change-point',
    'erp',
    '--point',
    '1.2',
    '--confirm',
    'erp',
  ]);
  rmSync(stranger);
  const asked = await sites.refused(2, /is not in the point\. /, ['change-point', 'erp', '--point', '1.2']);
  expect(asked.message).not.toContain('is lost');
  await confirmed(sites, ['change-point', '--point', '1.2']);
  const { points } = await groupIn(sites, 'failed-over');
  const [first, second = ''] = points.filter((point) => point.kind === 'before-change').map((point) => point.id);
  expect(first).toBe(id);
  const only =
    /before-change, .* at Hall B\) ends and cannot be brought back\. It may be the only copy of what production/;
  await sites.refused(2, only, ['points', 'erp', '--drop', second]);
  await sites.sitepair.must('points', 'erp', '--drop', second, '--confirm', 'erp');
  expect(beside(sites).filter((name) => name.includes('before-change'))).toHaveLength(2);
  await sites.refused(2, new RegExp(`before-change ${id}, .* ends and cannot be brought back`), ['commit', 'erp']);
  await confirmed(sites, ['change-point', '--point', id]);
  expect(contents(sites, 'b')).toEqual(version);
  await confirmed(sites, ['commit']);
  expect(beside(sites)).toEqual([]);
});

test('cut off once it was brought back, the clones are still those of the point', async (context) => {
  const { sites, version, id } = await changed(context);
  const place = { files: recoveryRecord, nth: 3 };
  expect(await killed(sites, place, 'change-point', 'erp', '--point', id, '--confirm', 'erp')).toBe(true);
  expect(contents(sites, 'b')).toEqual(version);
  await sites.sitepair.must('resume', 'erp');
  expect(contents(sites, 'b')).toEqual(version);
  await confirmed(sites, ['change-point', '--point', '1.2']);
  sites.expectMirrored();
});

test('when its side was given up, a reprotect says that it ends, and leaves nothing of it', async (context) => {
  const { sites, id } = await changed(context);
  write(sites.target(0), 10_000, 100);
  const left = pointOf(await groupIn(sites, 'failed-over'), 'as-left');
  await confirmed(sites, ['failover', '--point', left], ['commit']);
  await sites.refused(2, new RegExp(`before-change ${id}, .* ends and cannot be brought back`), ['reprotect', 'erp']);
  await confirmed(sites, ['reprotect']);
  expect(beside(sites)).toEqual([]);
  expect((await groupIn(sites, 'protected')).points.map((point) => point.kind)).toEqual(['before-reprotect', 'cycle']);
});

test.for([
  // The second pair's exchange had not begun: its version is at its place.
  { when: 'while the volumes are exchanged', files: recoveryRecord, nth: 2, back: ['1.img'] },
  { when: 'while they are brought to the point', files: /volumes\/0\.img$/, nth: 3, back: [] },
])('a change of point cut off $when and given up: the side is given its version back', async (cut, context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 150_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  write(sites.target(1), 0, 10_000);
  const version = contents(sites, 'b');
  expect(await killed(sites, cut, 'change-point', 'erp', '--point', '1.1', '--confirm', 'erp')).toBe(true);
  for (const file of cut.back) {
    const volume = sites.path(`b/volumes/${file}`);
    renameSync(`${volume}.sitepair-before-change-3`, volume);
  }
  expect(contents(sites, 'b')).not.toEqual(version);
  const left = pointOf(await groupIn(sites, 'failing-over'), 'as-left');
  await confirmed(sites, ['failover', '--point', left], ['commit'], ['reprotect']);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'protected'), 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(version);
});

test('the id of a version that was set aside is never that of another point', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 20_000);
  await confirmed(sites, ['change-point', '--point', '1.1']);
  const before = (await groupIn(sites, 'failed-over')).points.map(({ id }) => id);
  await confirmed(sites, ['commit'], ['reprotect']);
  const after = (await groupIn(sites, 'protected')).points.map(({ id }) => id);
  expect(before.filter((id) => after.includes(id))).toEqual([]);
});

test('killed while it is brought back for a reprotect, and then the active side is lost: it is promoted by name', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 150_000);
  await sites.sitepair.must('sync', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const version = contents(sites, 'b');
  const move = ['change-point', 'erp', '--point', '1.1', '--confirm', 'erp'];
  expect(await killed(sites, { files: /volumes\/0\.img$/, nth: 3 }, ...move)).toBe(true);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')], ['commit']);
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, 'reprotect', 'erp', '--confirm', 'erp')).toBe(true);
  lose(sites, 'a');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'committed'), 'as-left')]);
  expect(contents(sites, 'b')).toEqual(version);
});
