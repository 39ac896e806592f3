/** What a run left to be known is kept with it, in the catalog and in the stores. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites, write } from '../support/two-sites.ts';

test('ranges that differ, warnings and what to do are there when the window that saw them is closed', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 1000, 10);
  const application = await applicationAt(sites.sitepair.home, context);
  const {
    run,
    mismatches = [],
    next,
    warnings,
    checks,
  } = await carriedOut(application, { operation: 'verify', group: 'erp' });
  expect(mismatches).toHaveLength(1);
  expect(next).not.toEqual([]);
  const kept = (await application.invoke('runs.show', { id: run.id })).run.report;
  expect(kept).toMatchObject({ next, warnings, mismatches, mismatchesInAll: 1, checks });
  expect(kept?.facts?.after).toEqual({ phase: 'protected', activeSite: 'primary' });

  const elsewhere = await applicationAt(sites.path('home2'), context);
  await elsewhere.invoke('groups.adopt', { store: sites.recoveryStore, paths: [], takeOver: false });
  expect((await elsewhere.invoke('runs.show', { id: run.id })).run.report).toEqual(kept);
  const { printed } = await sites.sitepair.run('runs', 'show', run.id);
  expect(printed).toContain('verify-mismatch');
});

test('what an operator took upon himself is kept as it was found: with the run, and in the audit log', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.target(), 40_000, 60_000);
  const application = await applicationAt(sites.sitepair.home, context);
  const accept = ['replica-intact', 'production-stopped'];
  const { run, checks } = await carriedOut(application, {
    operation: 'failover',
    group: 'erp',
    confirm: 'erp',
    accept,
  });
  expect(run.accepted).toContain('replica-intact');
  const { report } = (await application.invoke('runs.show', { id: run.id })).run;
  expect(report?.checks).toEqual(checks);
  const { runs } = await application.invoke('runs.list', { limit: 1 });
  expect(runs[0]?.report).toMatchObject({ next: report?.next });
  expect(runs[0]?.report?.checks).toBeUndefined();
  const { entries } = await application.invoke('audit.list', { limit: 1 });
  const found = checks.find(({ id }) => id === 'replica-intact')?.found;
  const facts = z.object({ accepted: z.array(z.unknown()) }).parse(JSON.parse(entries[0]?.detail ?? ''));
  expect(facts.accepted).toContainEqual({ check: 'replica-intact', found });
});
