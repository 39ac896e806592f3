/** A seed that is taken back removes the files that it made and leaves others; what it overwrote comes back. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { confirmed, contents, groupIn, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { digestOf } from '../support/fingerprint.ts';

/** The first target holds data of its own, the second one is not there; a third file is none of the group's. */
async function ready(context: TestContext): Promise<{ sites: TwoSites; found: string; bystander: string }> {
  const sites = new TwoSites(context);
  writeFileSync(sites.target(0), randomBytes(400_000));
  const bystander = sites.path('b/bystander.img');
  writeFileSync(bystander, randomBytes(50_000));
  await sites.sitepair.must(...sites.creation());
  return { sites, found: digestOf(sites.target(0)), bystander: digestOf(bystander) };
}

const overwrite = ['protect', 'erp', '--overwrite', '--confirm', 'erp'];

test('interrupted and rolled back: made files go, others stay as they were', async (context) => {
  const { sites, found, bystander } = await ready(context);
  const asked = await sites.refused(3, /targets hold data.*one\.img \(first at byte \d+\)/, ['protect', 'erp']);
  expect(asked.remedy).toContain('--overwrite');
  await sites.refused(2, /saved as the point before-protect/, ['protect', 'erp', '--overwrite']);
  expect(await killed(sites, { files: recoveryRecord, nth: 4 }, ...overwrite)).toBe(true);
  expect(digestOf(sites.target(0))).not.toBe(found);
  expect(existsSync(sites.target(1))).toBe(true);
  await groupIn(sites, 'seeding');
  await sites.refused(3, /being seeded/, ['failover', 'erp', '--confirm', 'erp']);

  await sites.sitepair.must('rollback', 'erp');
  await groupIn(sites, 'unprotected');
  expect(digestOf(sites.target(0))).toBe(found);
  expect(existsSync(sites.target(1))).toBe(false);
  expect(digestOf(sites.path('b/bystander.img'))).toBe(bystander);
  await sites.sitepair.must(...overwrite);
  expect(contents(sites, 'b')[1]).toBe(contents(sites, 'a')[1]);
});

test('interrupted, its made file removed by hand: resume makes it again, and rollback does not miss it', async (context) => {
  const { sites, found } = await ready(context);
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 3 }, ...overwrite)).toBe(true);
  rmSync(sites.target(1));
  await sites.sitepair.must('resume', 'erp');
  await groupIn(sites, 'protected');
  truncateSync(sites.target(0), 300_001);
  sites.expectMirrored();

  const second = await ready(context);
  expect(await killed(second.sites, { files: /\/b\/two\.img$/, nth: 3 }, ...overwrite)).toBe(true);
  rmSync(second.sites.target(1));
  await second.sites.sitepair.must('rollback', 'erp');
  await groupIn(second.sites, 'unprotected');
  expect(digestOf(second.sites.target(0))).toBe(second.found);
  expect(found).not.toBe(second.found);
});

test('what a completed seed overwrote is a point that can be gone to when it is named, and come back from', async (context) => {
  const { sites, found } = await ready(context);
  await sites.sitepair.must(...overwrite);
  const seeded = contents(sites, 'b');
  const group = await groupIn(sites, 'protected');
  const id = pointOf(group, 'before-protect');
  expect(group.points.map((point) => [point.kind, point.lacks])).toEqual([
    ['before-protect', ['pair-2']],
    ['cycle', []],
  ]);
  write(sites.source(0), 0, 20_000);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');

  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b'), 'it is never the default').toEqual(newest);
  const words = ['change-point', 'erp', '--point', id];
  await sites.refused(2, /nothing of production is in that .*It lacks .*\/b\/two\.img/, words);
  await confirmed(sites, ['change-point', '--point', id]);
  expect(digestOf(sites.target(0))).toBe(found);
  expect(contents(sites, 'b')[1]).toBe(seeded[1]);

  await confirmed(sites, ['undo']);
  await groupIn(sites, 'protected');
  expect(contents(sites, 'b')).toEqual(newest);
  await confirmed(sites, ['points', '--drop', id]);
  expect((await groupIn(sites, 'protected')).points.map((point) => point.kind)).toEqual(['cycle', 'cycle']);
});

test('with --discard nothing is kept, and that is said', async (context) => {
  const { sites } = await ready(context);
  await sites.refused(2, /will be lost \(--discard\)/, ['protect', 'erp', '--overwrite', '--discard']);
  await confirmed(sites, ['protect', '--overwrite', '--discard']);
  expect((await groupIn(sites, 'protected')).points.map((point) => point.kind)).toEqual(['cycle']);
});
