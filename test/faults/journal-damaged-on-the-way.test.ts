/**
 * FAULTS, row 16, where sides change: a damaged undo journal keeps nobody from a point that does not need it, also not
 * once the way there was cut off; and no way is begun that it would end. What needs it can be accepted.
 */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed, recoveryRecord } from '../support/kills.ts';
import { journalsIn } from '../support/open-cycles.ts';
import { confirmed, contents, groupIn, lose } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

/** Where a journal's first segment begins, bytes. */
const firstSegment = 12_288;
/** What a failover to 1.2 that is cut off in its first swap was given. */
const cut = { files: /\/b\/one\.img$/, nth: 3 };
const toSecond = ['failover', 'erp', '--point', '1.2', '--confirm', 'erp'];
const accept = ['--accept', 'replica-intact'];

/** Spoils all content of the journal that leads back from a point. */
function spoil(sites: TwoSites, point: number): void {
  const found = journalsIn(sites, sites.recoveryStore).filter((one) => one.includes(`/undo-1-${point}-`));
  expect(found).not.toEqual([]);
  for (const journal of found) {
    const bytes = readFileSync(journal);
    for (let at = firstSegment + 200; at < bytes.length; at += 16) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(journal, bytes);
  }
}

/** Three points, and what the recovery site held at each. */
async function threePoints(context: TestContext): Promise<{ sites: TwoSites; held: string[][] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const held = [contents(sites, 'b')];
  for (const [offset, length] of [
    [0, 50_000],
    [100_000, 9 * 16_384],
  ] as const) {
    write(sites.source(0), offset, length);
    await sites.sitepair.must('sync', 'erp');
    held.push(contents(sites, 'b'));
  }
  return { sites, held };
}

test('a failover that is cut off needs no journal that it did not need before', async (context) => {
  const { sites, held } = await threePoints(context);
  spoil(sites, 2);
  lose(sites, 'a');
  expect(await killed(sites, cut, ...toSecond)).toBe(true);
  await sites.sitepair.must('resume', 'erp');
  await groupIn(sites, 'failed-over');
  expect(contents(sites, 'b')).toEqual(held[1]);
});

test('the journal on the way is damaged after the cut: refused, and accepted it ends with damaged points', async (context) => {
  const { sites } = await threePoints(context);
  lose(sites, 'a');
  expect(await killed(sites, cut, ...toSecond)).toBe(true);
  spoil(sites, 3);
  const { exitCode, report } = await sites.sitepair.run('resume', 'erp');
  expect(exitCode).toBe(5);
  expect(report.run?.error?.remedy).toContain('--accept replica-intact');
  const { warnings, group } = await sites.sitepair.must('resume', 'erp', ...accept);
  expect(warnings?.join()).toMatch(/The points are marked damaged/);
  expect(group?.phase).toBe('failed-over');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged', 'damaged', 'damaged']);
});

test('the source is lost, and a journal that a failover needs is damaged: refused, and accepted by name', async (context) => {
  const { sites } = await threePoints(context);
  spoil(sites, 3);
  lose(sites, 'a');
  const refused = await sites.refused(1, /undo-1-3-.* is damaged/, toSecond);
  expect(refused.remedy).toContain('--accept replica-intact');
  const { group } = await sites.sitepair.must(...toSecond, ...accept);
  expect(group?.phase).toBe('failed-over');
  expect(group?.points.map(({ state }) => state)).toEqual(['damaged', 'damaged', 'damaged']);
});

test('an undo of an unwritten failover looks before it begins, and gets by without the journals', async (context) => {
  const { sites, held } = await threePoints(context);
  await confirmed(sites, ['failover', '--point', '1.2']);
  spoil(sites, 3);
  const refused = await sites.refused(1, /cannot be brought back to point 1\.3.*undo-1-3-.* is damaged/, [
    'undo',
    'erp',
    '--confirm',
    'erp',
  ]);
  const unconfirmed = await sites.refused(2, /or an undo journal is damaged, 3 points there/, [
    'undo',
    'erp',
    ...accept,
  ]);
  expect(unconfirmed.message).toContain('Production goes back to Hall A');
  await sites.sitepair.must(...commandIn(refused.remedy));
  const group = await groupIn(sites, 'protected');
  expect(group.points.map(({ kind, state }) => [kind, state])).toEqual([
    ['before-undo', 'usable'],
    ['cycle', 'usable'],
  ]);
  sites.expectMirrored();
  await confirmed(sites, ['failover', '--point', group.points[0]?.id ?? '']);
  expect(contents(sites, 'b')).toEqual(held[1]);
});

test('an undo that has written nothing is rolled back without any journal', async (context) => {
  const { sites, held } = await threePoints(context);
  await confirmed(sites, ['failover', '--point', '1.1']);
  expect(await killed(sites, { files: recoveryRecord, nth: 2 }, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'undoing');
  spoil(sites, 3);
  expect((await sites.sitepair.run('resume', 'erp')).exitCode).toBe(5);
  await groupIn(sites, 'undoing');
  lose(sites, 'a');
  // The other side is lost: what cannot be ended is not turned into a failover either.
  const { exitCode, report } = await sites.sitepair.run('failover', 'erp', '--point', '1.3', '--confirm', 'erp');
  expect(exitCode).toBe(5);
  expect(report.run?.error?.code).toBe('store-damaged');
  await groupIn(sites, 'undoing');
  await sites.sitepair.must('rollback', 'erp');
  await groupIn(sites, 'failed-over');
  expect(contents(sites, 'b')).toEqual(held[0]);
});

test('of a journal of several segments all whole ones are used, also those of a swap that was cut off', async (context) => {
  const sites = new TwoSites(context);
  truncateSync(sites.source(1), 24 << 20);
  await sites.protect();
  const old = readFileSync(sites.target(1));
  write(sites.source(1), 0, 24 << 20);
  await sites.sitepair.must('sync', 'erp');
  const newer = readFileSync(sites.target(1));
  lose(sites, 'a');
  const back = ['failover', 'erp', '--point', '1.1', '--confirm', 'erp'];
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 300 }, ...back)).toBe(true);
  const [journal = ''] = journalsIn(sites, sites.recoveryStore);
  const bytes = readFileSync(journal);
  const middle = Math.floor(bytes.length / 2) + 100_000;
  bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
  writeFileSync(journal, bytes);

  const { warnings } = await sites.sitepair.must('resume', 'erp', ...accept);
  expect(warnings?.join()).toMatch(/undo journals are damaged \(undo-1-2-1-0 has 11 of 12 parts that are whole\)/);
  const present = readFileSync(sites.target(1));
  const left: number[] = [];
  for (let at = 0; at < old.length; at += 16_384) {
    const chunk = present.subarray(at, at + 16_384);
    if (chunk.equals(old.subarray(at, at + 16_384))) continue;
    expect(chunk.equals(newer.subarray(at, at + 16_384)), 'as it was before').toBe(true);
    left.push(at);
  }
  expect(left).toHaveLength((2 << 20) / 16_384);
});
