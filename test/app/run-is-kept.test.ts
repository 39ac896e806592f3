/** What a run left to be known is kept with it, in the catalog and in the stores. */
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('ranges that differ, warnings and what to do are there when the window that saw them is closed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 1000, 10);
  const application = await applicationAt(sites.sitepair.home, context);
  const { run, mismatches = [], next, warnings } = await carriedOut(application, { operation: 'verify', group: 'erp' });
  expect(mismatches).toHaveLength(1);
  expect(next).not.toEqual([]);
  const kept = (await application.invoke('runs.show', { id: run.id })).run.report;
  expect(kept).toEqual({ next, warnings, mismatches, mismatchesInAll: 1 });

  const elsewhere = await applicationAt(sites.path('home2'), context);
  await elsewhere.invoke('groups.adopt', { store: sites.recoveryStore, paths: [], takeOver: false });
  expect((await elsewhere.invoke('runs.show', { id: run.id })).run.report).toEqual(kept);
  const { printed } = await sites.sitepair.run('runs', 'show', run.id);
  expect(printed).toContain('verify-mismatch');
});
