/**
 * A side whose promoted volumes were cloned comes back after a second disaster: its points rest on the clones, though
 * production wrote to the volumes.
 */
import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { confirmed, contents, groupIn, lose, pointOf } from '../support/site-states.ts';
import { sitesWithClones } from '../support/sites-with-clones.ts';
import { write } from '../support/two-sites.ts';

test('a point is taken from the clone, and what production wrote is set aside', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  write(sites.source(0), 0, 50_000);
  await sites.sitepair.must('sync', 'erp');
  const newest = contents(sites, 'b');
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const production = contents(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  lose(sites, 'a');
  const error = await sites.refused(3, /newer than any of them/, ['failover', 'erp', '--confirm', 'erp']);
  expect(error.remedy).toContain(`--point ${pointOf(await groupIn(sites, 'failed-over'), 'as-left')} --confirm`);

  await confirmed(sites, ['failover', '--point', '1.2']);
  expect(contents(sites, 'b')).toEqual(newest);
  await confirmed(sites, ['change-point', '--point', pointOf(await groupIn(sites, 'failed-over'), 'before-change')]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('a clone that is missing cannot be accepted away; what the side holds can be promoted by name', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  const production = contents(sites, 'b');
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  lose(sites, 'a');
  const clone = `${sites.target(0)}.sitepair-promoted`;
  renameSync(clone, `${clone}.moved`);
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'failover', '--point', '1.1');
  const intact = report.checks?.find(({ id }) => id === 'replica-intact');
  expect(intact).toMatchObject({ status: 'fail', blocks: true, acceptable: false });
  const words = ['failover', 'erp', '--point', '1.1', '--accept', 'replica-intact', '--confirm', 'erp'];
  await sites.refused(3, /Without .*0\.img\.sitepair-promoted/, words);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')]);
  expect(contents(sites, 'b')).toEqual(production);
});

test('production’s disk died with the clones that its record counts: the volume gets another path all the same', async (context) => {
  const sites = sitesWithClones(context);
  await sites.protect();
  await confirmed(sites, ['failover']);
  write(sites.target(0), 100_000, 60_000);
  await confirmed(sites, ['failover', '--point', pointOf(await groupIn(sites, 'failed-over'), 'as-left')], ['undo']);
  expect((await groupIn(sites, 'protected')).activeSite).toBe('recovery');
  const fresh = sites.path('b/elsewhere.img');
  copyFileSync(sites.target(0), fresh);
  rmSync(sites.target(0));
  rmSync(`${sites.target(0)}.sitepair-promoted`);
  await sites.sitepair.must('group', 'set', 'erp', '--path', `pair-1:recovery=${fresh}`);
  await sites.sitepair.must('sync', 'erp');
});
