/**
 * The recovery site is lost while it is being promoted: the primary site, which is there again, holds what production
 * left. It is promoted when it is named, and the half-promoted side is refused until it is reprotected.
 */
import { rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { killed } from '../support/kills.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { commandIn, TwoSites, write } from '../support/two-sites.ts';

/** A failover to an older point, killed while it writes the volumes; then the recovery site is lost. */
async function halfPromoted(context: TestContext): Promise<{ sites: TwoSites; left: string[]; newest: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(0), 0, 150_000);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');
  write(sites.source(1), 300_000, 70_000);
  const left = contents(sites, 'a');
  const [older = ''] = cyclesOf(await groupIn(sites, 'protected'));
  const place = { files: /\/b\/one\.img$/, nth: 3 };
  expect(await killed(sites, place, 'failover', 'erp', '--point', older, '--confirm', 'erp')).toBe(true);
  const group = await groupIn(sites, 'failing-over');
  expect(group.activeSite).toBe(null);
  return { sites, left, newest };
}

test('what the old side held is promoted when it is named, and nothing of it is lost', async (context) => {
  const { sites, left } = await halfPromoted(context);
  lose(sites, 'b');
  const group = await groupIn(sites, 'failing-over');
  const id = pointOf(group, 'as-left');
  await sites.refused(3, /one\.img is not there/, ['resume', 'erp']);
  const unnamed = await sites.refused(3, /no point of a cycle/, ['failover', 'erp', '--confirm', 'erp']);
  expect(unnamed.remedy).toContain(`--point ${id}`);

  await sites.sitepair.must(...commandIn(group.hints.at(-1) ?? ''));
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('primary');
  expect(contents(sites, 'a')).toEqual(left);
});

test('the half-promoted side comes back: no split, no way into it, and a reprotect mends it', async (context) => {
  const { sites } = await halfPromoted(context);
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')]);
  write(sites.source(0), 40_000, 90_000);
  const production = contents(sites, 'a');
  bringBack(sites, 'b');
  const half = contents(sites, 'b');

  const group = await groupIn(sites, 'failed-over');
  expect(group.points.filter((point) => point.kind === 'as-left')).toEqual([]);
  await sites.refused(3, /failed over/, ['sync', 'erp']);
  await sites.refused(3, /Hall B was cut off while it was being promoted/, ['undo', 'erp', '--confirm', 'erp']);
  expect(contents(sites, 'b')).toEqual(half);

  await confirmed(sites, ['commit'], ['reprotect']);
  expect(contents(sites, 'a')).toEqual(production);
  sites.expectMirrored();
  await sites.sitepair.must('verify', 'erp');
  await confirmed(sites, ['failover', '--planned'], ['commit'], ['reprotect'], ['failback']);
  expect(contents(sites, 'b')).toEqual(production);
});

test('what the half-promoted side held is taken back whole before it is reprotected over', async (context) => {
  const { sites, newest } = await halfPromoted(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')], ['commit']);
  expect(contents(sites, 'b')).not.toEqual(newest);
  const said = await sites.refused(2, /Hall B was cut off .* first brought back to what it held before/, [
    'reprotect',
    'erp',
  ]);
  expect(said.message).toContain('2 points at Hall B (1.1, 1.2) can still be gone to, and end');
  await confirmed(sites, ['reprotect']);
  const group = await groupIn(sites, 'protected');
  expect(group.points.find((point) => point.kind === 'before-reprotect')?.state).toBe('usable');
  await confirmed(sites, ['failover', '--point', pointOf(group, 'before-reprotect')]);
  expect(contents(sites, 'b')).toEqual(newest);
});

test('where it cannot be taken back, its point is incomplete, and never as-left', async (context) => {
  const { sites } = await halfPromoted(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')], ['commit']);
  write(sites.target(0), 0, 300_000);
  await confirmed(sites, ['reprotect']);
  const incomplete = { kind: 'before-reprotect', state: 'incomplete' };
  expect((await groupIn(sites, 'protected')).points[0]).toMatchObject(incomplete);
  await confirmed(sites, ['undo']);
  expect((await groupIn(sites, 'committed')).points).toMatchObject([incomplete]);
  await confirmed(sites, ['reprotect']);
  const [point] = (await groupIn(sites, 'protected')).points;
  expect(point).toMatchObject(incomplete);
  lose(sites, 'a');
  const failover = ['failover', 'erp', '--point', point?.id ?? '', '--confirm', 'erp'];
  await sites.refused(3, /half-way between two states/, failover);
});

test('a reprotect over a mix is cut off and undone, and the store is lost: what is there is still a mix', async (context) => {
  const { sites } = await halfPromoted(context);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')], ['commit']);
  write(sites.target(0), 0, 300_000);
  expect(await killed(sites, { files: /\/b\/two\.img$/, nth: 1 }, 'reprotect', 'erp', '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'reprotecting');
  await confirmed(sites, ['undo']);
  rmSync(sites.recoveryStore, { recursive: true });
  await sites.sitepair.must('group', 'set', 'erp', '--confirm', 'erp', '--recovery-store', sites.path('b/new-store'));
  await confirmed(sites, ['reprotect']);
  const [before] = (await groupIn(sites, 'protected')).points;
  expect(before).toMatchObject({ kind: 'before-reprotect', state: 'incomplete' });
});

test('it comes back before production is started elsewhere: the failover is resumed all the same', async (context) => {
  const { sites } = await halfPromoted(context);
  lose(sites, 'b');
  await groupIn(sites, 'failing-over');
  bringBack(sites, 'b');
  await sites.sitepair.must('resume', 'erp');
  expect((await groupIn(sites, 'failed-over')).activeSite).toBe('recovery');
});
