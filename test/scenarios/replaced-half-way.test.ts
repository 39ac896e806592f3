/**
 * A side whose promotion or undo was cut off comes back without one of its volumes: the others are brought back to what
 * they held before the reprotect overwrites them, and what is kept says which pair it lacks.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { failureVariable, type FailureOrder } from '../support/failure-order.ts';
import { digestOf } from '../support/fingerprint.ts';
import { killed, recoveryRecord } from '../support/kills.ts';
import { bringBack, confirmed, contents, cyclesOf, groupIn, lose, pointOf } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** A promotion of the recovery site, killed while it writes; the primary is promoted, and the second volume is lost. */
async function volumeLost(context: TestContext): Promise<{ sites: TwoSites; newest: string[]; reprotect: string[] }> {
  const sites = new TwoSites(context);
  await sites.protect();
  for (const n of [0, 1]) write(sites.source(n), 0, 9 * 16_384);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');
  const [older = ''] = cyclesOf(await groupIn(sites, 'protected'));
  const cut = { files: /\/b\/one\.img$/, nth: 4 };
  expect(await killed(sites, cut, 'failover', 'erp', '--point', older, '--confirm', 'erp')).toBe(true);
  await groupIn(sites, 'failing-over');
  lose(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failing-over'), 'as-left')]);
  bringBack(sites, 'b');
  await confirmed(sites, ['commit']);
  expect(digestOf(sites.target())).not.toBe(newest[0]);
  copyFileSync(sites.target(1), sites.path('b/found again.img'));
  rmSync(sites.target(1));
  return { sites, newest, reprotect: ['reprotect', 'erp', '--replace', `pair-2=${sites.path('b/new.img')}`] };
}

test('the pairs that stay are brought back, and the review names the one that is not', async (context) => {
  const { sites, newest, reprotect } = await volumeLost(context);
  const said = await sites.refused(2, /cut off between two states; without .*two\.img, replaced/, reprotect);
  expect(said.message).toContain('it is first brought back to what it held before');
  await sites.sitepair.must(...reprotect, '--confirm', 'erp');
  const before = (await groupIn(sites, 'protected')).points.find(({ kind }) => kind === 'before-reprotect');
  expect(before).toMatchObject({ state: 'usable', lacks: ['pair-2'] });
  await confirmed(sites, ['undo']);
  expect(digestOf(sites.target())).toBe(newest[0]);
});

test('cut off while they are brought back, and the volume is there again: what is kept lacks it all the same', async (context) => {
  const { sites, newest, reprotect } = await volumeLost(context);
  const place = { files: recoveryRecord, nth: 3 };
  expect(await killed(sites, place, ...reprotect, '--confirm', 'erp')).toBe(true);
  const group = await groupIn(sites, 'committed');
  expect(group.points.filter(({ kind }) => kind === 'as-left')).toEqual([]);
  expect(group.points.every(({ lacks }) => lacks.join() === 'pair-2')).toBe(true);
  copyFileSync(sites.path('b/found again.img'), sites.target(1));
  await confirmed(sites, ['reprotect']);
  const before = (await groupIn(sites, 'protected')).points.find(({ kind }) => kind === 'before-reprotect');
  expect(before?.lacks).toEqual(['pair-2']);
  await confirmed(sites, ['undo']);
  expect(digestOf(sites.target())).toBe(newest[0]);
});

test('an error that may pass is not taken for a mix, though a volume is replaced', async (context) => {
  const { sites, newest, reprotect } = await volumeLost(context);
  const order: FailureOrder = {
    files: '/b/one\\.img$',
    call: 'write',
    nth: 1,
    forGood: true,
    counter: sites.path('calls'),
  };
  const variables = { [failureVariable]: JSON.stringify(order) };
  const words = [...reprotect, '--confirm', 'erp'];
  const { exitCode } = await sites.sitepair.startWith('failing-process.ts', variables, ...words).ended;
  expect(exitCode).not.toBe(0);
  await groupIn(sites, 'committed');
  await sites.sitepair.must(...reprotect, '--confirm', 'erp');
  await confirmed(sites, ['undo']);
  expect(digestOf(sites.target())).toBe(newest[0]);
});
