/**
 * A crash between demotion and promotion of a planned failover: the old production side's record says that it is
 * demoted, and the other side's does not know it yet. Neither side is active, and it can be gone on with; where the old
 * side is lost meanwhile, and comes back after a failover, that is no split.
 */
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { Checkpoint, killed, records } from '../support/kills.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Whether only the primary site's record knows of the demotion. */
async function isBetween(sites: TwoSites): Promise<boolean> {
  const both = await sites.sitepair.group(sites.name);
  if (both.phase !== 'failing-over' || both.activeSite !== null) return false;
  lose(sites, 'a');
  const alone = await sites.sitepair.group(sites.name);
  bringBack(sites, 'a');
  return alone.activeSite === 'primary';
}

/** Protected, and a planned failover killed at that moment; the primary store as it was before lies in `copy`. */
async function cutOff(context: TestContext, copy?: string): Promise<TwoSites> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 200_000, 60_000);
  if (copy !== undefined) cpSync(sites.primaryStore, sites.path(copy), { recursive: true });
  const before = new Checkpoint(sites);
  // The last cycle alone writes the records six times.
  for (let nth = 7; ; nth += 1) {
    expect(await killed(sites, { files: records, nth }, 'failover', 'erp', '--planned', '--confirm', 'erp')).toBe(true);
    if (await isBetween(sites)) return sites;
    before.restore();
  }
}

/** Killed before the old side is demoted. */
async function cutOffBefore(sites: TwoSites): Promise<void> {
  const before = new Checkpoint(sites);
  for (let nth = 7; ; nth += 1) {
    expect(await killed(sites, { files: records, nth }, 'failover', 'erp', '--planned', '--confirm', 'erp')).toBe(true);
    const { phase, activeSite } = await sites.sitepair.group('erp');
    if (phase === 'failing-over' && activeSite === 'primary') return;
    before.restore();
  }
}

test('nothing demoted yet: resume asks again whether production is stopped', async (context) => {
  const sites = new TwoSites(context);
  const runs = sites.path('production-runs');
  await sites.protect('--stopped-check', `test ! -e ${runs}`);
  await cutOffBefore(sites);
  writeFileSync(runs, '');
  await sites.refused(3, /stopped check says that production runs/, ['resume', 'erp']);
  rmSync(runs);
  write(sites.target(0), 0, 1000);
  await sites.refused(3, /somebody wrote to the replica/, ['resume', 'erp']);
});

test('taken back while the old side is lost, which was not demoted: the next cycle ends what was remembered', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await cutOffBefore(sites);
  lose(sites, 'a');
  await sites.sitepair.must('rollback', 'erp');
  bringBack(sites, 'a');
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
  // The replica is whole, also in the eyes of the other side.
  rmSync(sites.recoveryStore, { recursive: true });
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--recovery-store', sites.path('b/new-store'));
  await confirmed(sites, ['protect', '--overwrite']);
  const { points } = await groupIn(sites, 'protected');
  expect(points.map(({ kind, state }) => `${kind} ${state}`)).toEqual(['before-protect usable', 'cycle usable']);
});

test('neither side is active; resume promotes, and nothing is lost', async (context) => {
  const sites = await cutOff(context);
  const production = contents(sites, 'a');
  const group = await groupIn(sites, 'failing-over');
  expect(group.health.level).toBe('critical');
  expect(group.hints.join()).toContain('sitepair resume erp');
  await sites.refused(3, /failing over/, ['sync', 'erp']);
  await sites.refused(3, /begun to change sides/, ['rollback', 'erp']);
  const interrupted = new Checkpoint(sites);

  await sites.sitepair.must('resume', 'erp');
  const then = await groupIn(sites, 'failed-over');
  expect(then.activeSite).toBe('recovery');
  expect(contents(sites, 'a')).toEqual(production);
  expect(contents(sites, 'b')).toEqual(production);
  await confirmed(sites, ['undo']);
  sites.expectMirrored();

  interrupted.restore();
  expect(await killed(sites, { files: records, nth: 2 }, 'resume', 'erp')).toBe(true);
  await sites.sitepair.must('resume', 'erp');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
});

test('the old side is lost meanwhile: a failover plan gives the planned failover up and fails over', async (context) => {
  const sites = await cutOff(context);
  const production = contents(sites, 'a');
  lose(sites, 'a');
  writeFileSync(sites.path('plan.yaml'), 'priorities: {1: [erp]}');
  await sites.sitepair.must('failover-plan', 'set', 'lost', sites.path('plan.yaml'));
  const { review } = await sites.sitepair.must('failover-plan', 'check', 'lost', '--for', 'failover');
  expect(review?.groups[0]?.says).toMatch(/That is given up, then production goes to Hall B\.$/);
  await sites.sitepair.must('failover-plan', 'run', 'lost', 'failover', '--confirm', 'lost');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
});

test('the old side is lost meanwhile, and comes back after the failover: no split', async (context) => {
  const sites = await cutOff(context);
  const production = contents(sites, 'a');
  lose(sites, 'a');
  const group = await groupIn(sites, 'failing-over');
  expect(group.hints.join(), 'the way on is said').toContain('sitepair rollback erp');
  await sites.refused(3, /is not there/, ['resume', 'erp']);
  await sites.sitepair.must('rollback', 'erp');
  expect(cyclesOf(await groupIn(sites, 'protected'))).toEqual(['1.1', '1.2']);
  await confirmed(sites, ['failover']);
  expect(contents(sites, 'b')).toEqual(production);
  write(sites.target(0), 0, 30_000);
  const since = contents(sites, 'b');

  bringBack(sites, 'a');
  const joined = await groupIn(sites, 'failed-over');
  expect(joined.activeSite).toBe('recovery');
  expect(joined.health.reasons.join()).not.toContain('split');
  expect(contents(sites, 'a')).toEqual(production);
  await sites.refused(3, /failed over/, ['sync', 'erp']);
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'b')).toEqual(since);
  sites.expectMirrored();
  await confirmed(sites, ['failback']);
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  sites.expectMirrored();
});

test('the old side is lost, the failover is taken back, and the old side returns: its word that it is demoted counts', async (context) => {
  const sites = await cutOff(context);
  const production = contents(sites, 'a');
  lose(sites, 'a');
  await sites.sitepair.must('rollback', 'erp');
  await sites.refused(3, /is not there/, ['sync', 'erp']);
  bringBack(sites, 'a');
  expect((await groupIn(sites, 'failing-over')).activeSite).toBe(null);
  await sites.sitepair.must('resume', 'erp');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
  expect(contents(sites, 'b')).toEqual(production);
  await confirmed(sites, ['undo']);
  expect((await groupIn(sites, 'protected')).activeSite).toBe('primary');
  sites.expectMirrored();
});

test('the old store is there as an old copy only, and the true one comes back after the failover: no split', async (context) => {
  const sites = await cutOff(context, 'old-copy');
  const production = contents(sites, 'a');
  renameSync(sites.primaryStore, sites.path('true-store'));
  cpSync(sites.path('old-copy'), sites.primaryStore, { recursive: true });
  await sites.sitepair.must('rollback', 'erp');
  await confirmed(sites, ['failover']);

  rmSync(sites.primaryStore, { recursive: true });
  renameSync(sites.path('true-store'), sites.primaryStore);
  const joined = await groupIn(sites, 'failed-over');
  expect(joined.activeSite).toBe('recovery');
  expect(joined.health.reasons.join()).not.toContain('split');
  expect(contents(sites, 'b')).toEqual(production);
});

test('a split, and the demoted side is kept: production is there, and the other side is not promoted by anything', async (context) => {
  const sites = await cutOff(context);
  const { sitepair } = sites;
  const production = contents(sites, 'a');
  lose(sites, 'a');
  const takeOver = ['--group', 'erp', '--take-over', '--confirm', 'erp'];
  await sitepair.must('group', 'adopt', sites.recoveryStore, ...takeOver);
  await sitepair.must('rollback', 'erp');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 0, 30_000);
  const divergent = contents(sites, 'b');
  bringBack(sites, 'a');
  await sites.refused(3, /split/, ['commit', 'erp', '--confirm', 'erp']);

  await sitepair.must('group', 'adopt', sites.primaryStore, ...takeOver);
  expect((await groupIn(sites, 'committed')).activeSite).toBe('primary');
  await sites.refused(3, /nothing is interrupted/, ['resume', 'erp']);
  await confirmed(sites, ['reprotect']);
  expect(contents(sites, 'a')).toEqual(production);
  sites.expectMirrored();
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'protected'), 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(divergent);
});
