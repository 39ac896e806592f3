/** The old production side comes back without one of its volumes: reprotect gives that pair a new one, copied whole. */
import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { digestOf } from '../support/fingerprint.ts';
import { killed } from '../support/kills.ts';
import { confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Committed at the recovery site; the second volume of the primary site did not survive. */
async function volumeLost(
  context: TestContext,
): Promise<{ sites: TwoSites; left: string | undefined; production: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 90_000);
  write(sites.target(1), 200_000, 90_000);
  await confirmed(sites, ['commit']);
  write(sites.source(0), 100_000, 90_000);
  const [left] = contents(sites, 'a');
  rmSync(sites.source(1));
  return { sites, left, production: contents(sites, 'b') };
}

/** Puts the new volume in the place of the lost one, as the group does. */
function replaced(sites: TwoSites, path: string): void {
  sites.pairs = sites.pairs.map((pair, n) => (n === 1 ? { ...pair, source: path } : pair));
}

test('a volume that is too small is refused, and nothing is changed; a good one is copied whole', async (context) => {
  const { sites, left, production } = await volumeLost(context);
  const words = ['reprotect', 'erp', '--confirm', 'erp'];
  const missing = await sites.refused(3, /a\/two\.img is not there/, words);
  expect(missing.remedy).toContain('--replace pair-2=');
  const small = sites.path('a/small.img');
  writeFileSync(small, randomBytes((1 << 20) - 1));
  await sites.refused(3, /small\.img has 1048575 bytes, the pair needs 1048576/, [
    ...words,
    '--replace',
    `pair-2=${small}`,
  ]);
  await sites.refused(3, /share bytes/, [...words, '--replace', `pair-2=${sites.target(1)}`]);
  expect((await groupIn(sites, 'committed')).pairs[1]?.primaryPath).toBe(sites.source(1));

  const good = sites.path('a/good.img');
  const { run } = await sites.sitepair.must(...words, '--replace', `pair-2=${good}`);
  replaced(sites, good);
  sites.expectMirrored();
  expect(contents(sites, 'b')).toEqual(production);
  expect(run?.bytesWritten).toBeGreaterThan(140_000);
  const group = await groupIn(sites, 'protected');
  expect(group.pairs[1]?.primaryPath).toBe(good);
  const before = group.points.find((point) => point.kind === 'before-reprotect');
  expect(before?.lacks).toEqual(['pair-2']);

  write(sites.target(1), 0, 10_000);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  await confirmed(sites, ['undo']);
  expect(contents(sites, 'a')[0]).toBe(left);
  const committed = await groupIn(sites, 'committed');
  expect(committed.points, 'it is not as it was left: one volume is new').toMatchObject([
    { kind: 'before-reprotect', lacks: ['pair-2'], current: true },
  ]);
});

test('a replacement that holds data of its own is no content of the pair: the point lacks it all the same', async (context) => {
  const { sites, left } = await volumeLost(context);
  const used = sites.path('a/used.img');
  writeFileSync(used, randomBytes(2 << 20));
  const words = ['reprotect', '--replace', `pair-2=${used}`];
  await sites.refused(3, /hold data, at most 1\.0 MiB: .*used\.img/, [...words, 'erp', '--confirm', 'erp']);
  await confirmed(sites, [...words, '--overwrite']);
  expect((await groupIn(sites, 'protected')).pairs[1]?.sizeBytes).toBe(1 << 20);
  const before = pointOf(await groupIn(sites, 'protected'), 'before-reprotect');
  lose(sites, 'b');
  await sites.refused(2, /It lacks .*used\.img/, ['failover', 'erp', '--point', before]);
  await confirmed(sites, ['failover', '--point', before]);
  replaced(sites, used);
  expect(contents(sites, 'a')[0]).toBe(left);
});

test('a reprotect onto a new file is cut off: undo removes the file, and what was left is not taken for whole', async (context) => {
  const { sites, left, production } = await volumeLost(context);
  const made = sites.path('a/made.img');
  const words = ['reprotect', 'erp', '--replace', `pair-2=${made}`, '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/a\/made\.img$/, nth: 2 }, ...words)).toBe(true);
  await groupIn(sites, 'reprotecting');
  await confirmed(sites, ['undo']);
  expect(existsSync(made)).toBe(false);
  const group = await groupIn(sites, 'committed');
  expect(group.points.map((point) => [point.kind, point.lacks])).toEqual([['before-reprotect', ['pair-2']]]);
  expect([...contents(sites, 'b')]).toEqual(production);

  await confirmed(sites, ['reprotect', '--replace', `pair-2=${made}`]);
  replaced(sites, made);
  sites.expectMirrored();
  await confirmed(sites, ['failback'], ['undo']);
  sites.expectMirrored();
  expect(left).not.toBe(contents(sites, 'a')[0]);
});

test('what an old side was left with, pairs missing, can be promoted at the operator’s word, whatever the marks say', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 90_000);
  await confirmed(sites, ['commit']);
  rmSync(sites.source(1));
  await confirmed(sites, ['reprotect', '--replace', `pair-2=${sites.path('a/new.img')}`], ['undo']);
  editRecord(sites.folder(sites.primaryStore), { marks: null });
  const left = digestOf(sites.source(0));
  lose(sites, 'b');
  const [point] = (await groupIn(sites, 'committed')).points;
  expect(point).toMatchObject({ kind: 'before-reprotect', state: 'usable', lacks: ['pair-2'] });
  const words = ['failover', 'erp', '--point', point?.id ?? '', '--confirm', 'erp'];
  await sites.refused(3, /whether production has written there since cannot be told/, words);
  await sites.sitepair.must(...words, '--accept', 'replica-intact');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  expect(digestOf(sites.source(0))).toBe(left);
});
