import { existsSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TwoSites, write } from '../support/two-sites.ts';

test('with neither store nothing is claimed and nothing is done; with one of them all is known again', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sitepair.must('failover', name, '--confirm', name);
  const stores = [sites.primaryStore, sites.recoveryStore];
  for (const store of stores) renameSync(store, `${store}.away`);

  const group = await sitepair.group(name);
  expect(group).toMatchObject({ phase: 'unknown', activeSite: null, points: [], health: { level: 'critical' } });
  expect(group.hints.join()).not.toContain('sitepair ');
  expect(group.actions.filter((action) => action.allowed)).toEqual([]);
  await sites.refused(3, /neither store can be used/, ['protect', name]);

  renameSync(`${sites.recoveryStore}.away`, sites.recoveryStore);
  expect(await sitepair.group(name)).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
});

test('a purge says what it could not read, and that is still there', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  renameSync(sites.recoveryStore, `${sites.recoveryStore}.away`);
  const { printed } = await sitepair.run('group', 'remove', name, '--confirm', name, '--purge');
  expect(printed).toMatch(/was removed here\. What it has in \S+\/b\/store\/erp could not be read and is still there/);
  expect(existsSync(sites.folder(sites.primaryStore))).toBe(false);

  renameSync(`${sites.recoveryStore}.away`, sites.recoveryStore);
  await sitepair.must('group', 'adopt', sites.recoveryStore);
  await sitepair.must('group', 'remove', name, '--confirm', name, '--purge');
  expect(existsSync(sites.folder(sites.recoveryStore))).toBe(false);
});

test('an unconfirmed failover says what would block it, and that a planned one may lose nothing', async (context) => {
  const sites = new TwoSites(context);
  const { name } = sites;
  await sites.protect();
  write(sites.target(), 0, 5000);
  await sites.refused(2, /must be confirmed.*It would be blocked now all the same.*differs? from the point/s, [
    'failover',
    name,
  ]);
  await sites.refused(2, /The store of the active side answers.*--planned/s, ['failover', name]);
});
