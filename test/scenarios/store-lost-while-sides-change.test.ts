/**
 * A store is lost and replaced while sides are changing: the new one never makes volumes active that are half-way
 * between two states.
 */
import { rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { editRecord } from '../support/edit-record.ts';
import { killed } from '../support/kills.ts';
import { confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Points 1.1 and 1.2, and a failover to the older one killed in the middle; what that point holds. */
async function failingOver(context: TestContext): Promise<{ sites: TwoSites; older: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  const older = contents(sites, 'b');
  write(sites.source(0), 0, 150_000);
  write(sites.source(1), 300_000, 70_000);
  await sites.sitepair.must('sync', 'erp');
  const place = { files: /\/b\/one\.img$/, nth: 3 };
  expect(await killed(sites, place, 'failover', 'erp', '--point', '1.1', '--confirm', 'erp')).toBe(true);
  return { sites, older };
}

test("the old side's store is replaced while failing over: resume still goes to the point that was asked for", async (context) => {
  const { sites, older } = await failingOver(context);
  rmSync(sites.primaryStore, { recursive: true });
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--primary-store', sites.path('a/new-store'));
  await sites.sitepair.must('resume', 'erp');
  expect(contents(sites, 'b')).toEqual(older);
  const group = await groupIn(sites, 'failed-over');
  expect(group.points.find((point) => point.current && point.site === 'B')?.id).toBe('1.1');
  await confirmed(sites, ['undo']);
  expect(cyclesOf(await groupIn(sites, 'protected'))).toEqual(['1.1', '1.2']);
});

test('a record that names no promotion promotes nobody', async (context) => {
  const { sites } = await failingOver(context);
  editRecord(sites.folder(sites.recoveryStore), { promoting: null });
  const half = contents(sites, 'b');
  const { exitCode, report } = await sites.sitepair.run('resume', 'erp');
  expect(exitCode).toBe(3);
  expect(report.run?.error?.message).toContain('nothing was promoted');
  expect(contents(sites, 'b')).toEqual(half);
  expect((await groupIn(sites, 'failing-over')).activeSite).toBe(null);
});

/** Failed over, production written at the recovery site, and an undo killed while it overwrites that. */
async function undoing(context: TestContext): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 10_000, 20_000);
  await confirmed(sites, ['failover']);
  write(sites.target(0), 50_000, 20_000);
  write(sites.target(1), 0, 70_000);
  const place = { files: /\/b\/one\.img$/, nth: 1 };
  expect(await killed(sites, place, 'undo', 'erp', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'undoing');
  return sites;
}

for (const lost of ['store', 'site'] as const) {
  test(`the recovery ${lost} is lost in an undo: a new store ends it, production is at the old side, nothing else is active`, async (context) => {
    const sites = await undoing(context);
    const production = contents(sites, 'a');
    if (lost === 'site') lose(sites, 'b');
    else rmSync(sites.recoveryStore, { recursive: true });
    await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--recovery-store', sites.path('new-store'));
    expect((await groupIn(sites, 'unprotected')).activeSite).toBe('primary');
    await sites.refused(3, /not protected/, ['rollback', 'erp']);
    await sites.refused(3, /not protected/, ['resume', 'erp']);
    await sites.refused(3, /not protected/, ['failover', 'erp', '--confirm', 'erp']);
    if (lost === 'site') return;
    await confirmed(sites, ['protect', '--overwrite']);
    expect(contents(sites, 'a')).toEqual(production);
    sites.expectMirrored();
    // What was half overwritten is kept, and told for what it is.
    const { points } = await groupIn(sites, 'protected');
    expect(points.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['before-protect incomplete', 'cycle usable']);
  });
}

test('a record of an undo that names nothing under way makes nobody active', async (context) => {
  const sites = await undoing(context);
  editRecord(sites.folder(sites.recoveryStore), { receiving: null });
  for (const command of ['rollback', 'resume']) {
    const { exitCode, report } = await sites.sitepair.run(command, 'erp');
    expect(exitCode).toBe(3);
    expect(report.run?.error?.message).toContain('does not say how far the undo came');
    expect((await groupIn(sites, 'undoing')).activeSite).toBe(null);
  }
});

test("the old side's store is replaced in an undo: it is gone on with, or taken back", async (context) => {
  const sites = await undoing(context);
  rmSync(sites.primaryStore, { recursive: true });
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--primary-store', sites.path('a/new-store'));
  await sites.sitepair.must('resume', 'erp');
  expect((await groupIn(sites, 'protected')).activeSite).toBe('primary');
  sites.expectMirrored();
});

test('a store that is lost in a reprotect: its side is not taken for whole, nor is what reprotecting it saves', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(), 50_000, 100_000);
  await confirmed(sites, ['commit']);
  expect(await killed(sites, { files: /\/a\/one\.img$/, nth: 3 }, 'reprotect', 'erp', '--confirm', 'erp')).toBe(true);
  rmSync(sites.primaryStore, { recursive: true });
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--primary-store', sites.path('a/new-store'));
  expect((await groupIn(sites, 'committed')).points).toEqual([]);
  for (let n = 0; n < 2; n += 1) {
    await confirmed(sites, ['reprotect']);
    sites.expectMirrored();
    const [before] = (await groupIn(sites, 'protected')).points;
    expect(before).toMatchObject({ kind: 'before-reprotect', state: 'incomplete' });
    await sites.refused(3, /half-way/, ['failover', 'erp', '--point', before?.id ?? '', '--confirm', 'erp']);
    await confirmed(sites, ['undo']);
    const { points } = await groupIn(sites, 'committed');
    expect(points.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['before-reprotect incomplete']);
  }
});

test('a half-promoted side is given up, and then its store is lost: its mix is nothing to go back to', async (context) => {
  const { sites } = await failingOver(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')]);
  write(sites.source(0), 40_000, 9000);
  const production = contents(sites, 'a');
  let lost = sites.recoveryStore;
  for (const store of [sites.path('b/new-store'), sites.path('b/newer-store')]) {
    rmSync(lost, { recursive: true });
    await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--recovery-store', store);
    expect((await groupIn(sites, 'failed-over')).points).toEqual([]);
    await sites.refused(3, /Hall B was cut off half-way/, ['undo', 'erp', '--confirm', 'erp']);
    lost = store;
  }
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'a')).toEqual(production);
  sites.expectMirrored();
  const [before] = (await groupIn(sites, 'protected')).points;
  expect(before).toMatchObject({ kind: 'before-reprotect', state: 'incomplete' });
});
