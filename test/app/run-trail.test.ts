/** Who did what with a run is in the audit log and in the stores, or the run does not begin. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dropTriggers, rawDatabase } from '../catalog/fixtures.ts';
import { applicationAt } from '../support/application-at.ts';
import { Gate } from '../support/gate.ts';
import { TwoSites } from '../support/two-sites.ts';

const sync = { operation: 'sync' as const, group: 'erp' };

test('who paused, limited and cancelled a run is taken down, in the stores too', async (context) => {
  const sites = new TwoSites(context);
  const gate = new Gate(sites.path('gate'));
  await sites.protect();
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', gate.command);
  const application = await applicationAt(sites.sitepair.home, context);
  const { runId: id } = await application.invoke('operations.start', sync);
  await gate.reached();
  await application.invoke('runs.pause', { id });
  await application.invoke('runs.limit', { id, bytesPerSecond: 1_000_000 });
  await application.invoke('runs.continue', { id });
  await application.invoke('runs.cancel', { id });
  gate.open();
  expect((await application.invoke('operations.result', { runId: id })).run.outcome).toBe('cancelled');
  const { entries } = await application.invoke('audit.list', { limit: 100 });
  const ofRun = entries.filter(({ runId }) => runId === id).reverse();
  const actions = ['started', 'pause asked', 'limit asked', 'continue asked', 'cancel asked', 'ended'];
  expect(ofRun.map(({ action }) => action)).toEqual(actions.map((action) => `sync ${action}`));
  expect(ofRun.every(({ operator }) => operator === 'tester')).toBe(true);
  for (const store of [sites.primaryStore, sites.recoveryStore]) {
    const log = readFileSync(`${sites.folder(store)}/audit.log`, 'utf8');
    for (const { hash } of ofRun) expect(log).toContain(hash);
  }
  expect((await application.invoke('audit.verify', {})).intact).toBe(true);
});

test('a run whose process was killed is taken down as ended, in the name of who began it', async (context) => {
  const sites = new TwoSites(context);
  const gate = new Gate(sites.path('gate'));
  await sites.protect();
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', gate.command);
  const running = sites.sitepair.start('sync', 'erp');
  await gate.reached();
  running.kill('SIGKILL');
  await running.ended;
  gate.open();
  rawDatabase(sites.sitepair.home)
    .prepare("UPDATE runs SET body = json_set(body, '$.operator', 'scheduler') WHERE outcome IS NULL")
    .run();
  const application = await applicationAt(sites.sitepair.home, context);
  const { runs } = await application.invoke('runs.list', { limit: 1 });
  expect(runs[0]?.outcome).toBe('interrupted');
  const { entries } = await application.invoke('audit.list', { limit: 1 });
  expect(entries).toMatchObject([{ action: 'sync ended', runId: runs[0]?.id, operator: 'scheduler' }]);
  await expect.poll(() => readFileSync(`${sites.folder(sites.primaryStore)}/runs.log`, 'utf8')).toContain(runs[0]?.id);
});

test('a run that cannot be taken down is not begun', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  const application = await applicationAt(sites.sitepair.home, context);
  const before = (await application.invoke('runs.list', { limit: 10 })).runs;
  const database = rawDatabase(sites.sitepair.home);
  dropTriggers(database);
  database.exec('DELETE FROM audit_head');
  await expect(application.invoke('operations.start', sync)).rejects.toMatchObject({
    report: { code: 'audit-broken' },
  });
  expect((await application.invoke('runs.list', { limit: 10 })).runs).toEqual(before);
});
