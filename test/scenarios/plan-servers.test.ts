/** The servers of both sites, as the plan's commands know them: told of, stopped and started. Each is a file here. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { PlannedSites, stepOf } from '../support/planned-sites.ts';
import { confirmed, groupIn } from '../support/site-states.ts';
import { write } from '../support/two-sites.ts';

const planned = ['failover', 'erp', '--planned', '--confirm', 'erp'];

class ServedSites extends PlannedSites {
  running(site: 'a' | 'b'): string {
    return this.path(`${site}-runs`);
  }

  runs(site: 'a' | 'b'): boolean {
    return existsSync(this.running(site));
  }

  serversOf(site: 'a' | 'b'): string {
    const file = this.running(site);
    return `stopped: test ! -e ${file}
    stop: ${this.noting(`stop ${site}`)}; rm ${file}
    start: ${this.noting(`start ${site}`)}; touch ${file}
    timeout: 5s`;
  }

  static async made(context: TestContext): Promise<ServedSites> {
    const sites = new ServedSites(context);
    await sites.protect();
    await sites.setPlan(
      `servers:\n  primary:\n    ${sites.serversOf('a')}\n  recovery:\n    ${sites.serversOf('b')}\n`,
    );
    writeFileSync(sites.running('a'), '');
    return sites;
  }
}

test('a planned failover stops the servers of the side that is left and starts those of the other; failback likewise', async (context) => {
  const sites = await ServedSites.made(context);
  const { checks = [] } = await sites.sitepair
    .run('check', 'erp', '--for', 'planned-failover')
    .then(({ report }) => report);
  const check = checks.find(({ id }) => id === 'production-stopped');
  expect(check).toMatchObject({ status: 'warn', blocks: false });
  expect(check?.found).toMatch(/says that production runs.*stopped before anything else is done/);
  write(sites.source(), 0, 50_000);
  const moved = await sites.sitepair.must(...planned);
  expect([sites.runs('a'), sites.runs('b')]).toEqual([false, true]);
  for (const step of ['stop-servers', 'start-servers']) {
    expect(stepOf(moved, step), 'to ask whether they run is no try').toMatchObject({ state: 'done', attempts: 1 });
  }
  await confirmed(sites, ['commit'], ['reprotect']);
  await sites.sitepair.must('failback', 'erp', '--confirm', 'erp');
  expect([sites.runs('a'), sites.runs('b')]).toEqual([true, false]);
  expect(sites.noted).toEqual(['stop a', 'start b', 'stop b', 'start a']);
});

test('the command that tells of servers knows their site wherever it is asked', async (context) => {
  const sites = await ServedSites.made(context);
  const tells = sites.noting('asked of $SITEPAIR_SITE, $SITEPAIR_SITE_ROLE, $SITEPAIR_PATH_PAIR_1');
  await sites.setPlan(`servers: {primary: {stopped: '${tells}'}}\n`);
  await sites.sitepair.run('check', 'erp', '--for', 'planned-failover');
  const asked = `asked of Hall A, primary, ${sites.source()}`;
  expect(sites.noted).toEqual([asked]);
  await sites.sitepair.must(...planned);
  // By the check before it, by the run's own, and after the last cycle.
  expect(new Set(sites.noted)).toEqual(new Set([asked]));
  expect(sites.noted.length).toBeGreaterThan(2);
});

test('servers that do not stop keep the sides from being changed, and nothing has been', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.setPlan(
    `servers:\n  primary:\n    stopped: test ! -e ${sites.running('a')}\n    stop: echo no\n    timeout: 2s\n`,
  );
  const stopped = await sites.sitepair.run(...planned);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.run?.error?.message).toMatch(/After 2 s .* says that they run/);
  const { points } = await groupIn(sites, 'protected');
  expect(points).toHaveLength(1);
  rmSync(sites.running('a'));
  await sites.sitepair.must('resume', 'erp');
  await groupIn(sites, 'failed-over');
});

test('a stop that stopped nothing is found out before anything is changed', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.setPlan('servers:\n  primary:\n    stop: echo stopped\n');
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', `test ! -e ${sites.running('a')}`);
  const blocked = await sites.sitepair.run(...planned);
  expect(blocked.exitCode).toBe(3);
  expect(blocked.report.run?.error?.message).toMatch(/nothing was changed.*production runs/);
  const group = await groupIn(sites, 'protected');
  expect(group.points).toHaveLength(1);
  expect(group.cutOff?.was).toContain('stopped check says that production runs');
  rmSync(sites.running('a'));
  await sites.sitepair.must('resume', 'erp');
  await groupIn(sites, 'failed-over');
});

test('servers that are started again before a resume are stopped again', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', `test -e ${sites.path('ready')}`);
  expect((await sites.sitepair.run(...planned)).exitCode).toBe(1);
  await groupIn(sites, 'protected');
  expect(sites.runs('a')).toBe(false);
  writeFileSync(sites.running('a'), '');
  writeFileSync(sites.path('ready'), '');
  await sites.sitepair.must('resume', 'erp');
  expect([sites.runs('a'), sites.runs('b')]).toEqual([false, true]);
  expect(sites.noted).toEqual(['stop a', 'stop a', 'start b']);
});

test('a reprotect stops the servers of the old side where they run', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp', '--accept', 'production-stopped');
  expect(sites.noted, 'an unplanned failover touches no servers').toEqual([]);
  await confirmed(sites, ['commit'], ['reprotect']);
  expect(sites.noted).toEqual(['stop a']);
  await groupIn(sites, 'protected');
});

test('without a command that stops them the servers that run block a planned failover, as the stopped check does', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.setPlan(`servers:\n  primary:\n    stopped: test ! -e ${sites.running('a')}\n`);
  await sites.refused(3, /production runs/, planned);
  await sites.setPlan('');
  await sites.sitepair.must('group', 'set', 'erp', '--stopped-check', `test ! -e ${sites.running('a')}`);
  await sites.refused(3, /production runs/, planned);
  rmSync(sites.running('a'));
  await sites.sitepair.must(...planned);
});

test('the steps of a test failover get the paths of its copies, and one that fails is a test that failed', async (context) => {
  const sites = await ServedSites.made(context);
  await sites.setPlan(`steps:
  - {id: look, after: test-failover, run: '${sites.noting('$SITEPAIR_PATH_PAIR_1')}; cmp $SITEPAIR_PATH_PAIR_1 ${sites.source(0)} && cmp $SITEPAIR_PATH_PAIR_2 ${sites.source(1)}'}
  - {id: fails, after: test-failover, run: 'test -e ${sites.path('well')}'}
`);
  const copies = sites.path('copies');
  const tested = await sites.sitepair.run('test-failover', 'erp', '--dir', copies);
  expect(stepOf(tested.report, 'look').state).toBe('done');
  expect(sites.noted[0]?.startsWith(`${copies}/`), sites.noted[0]).toBe(true);
  expect(tested).toMatchObject({ exitCode: 1, report: { run: { error: { code: 'step-failed', where: 'fails' } } } });
  const group = await groupIn(sites, 'protected');
  expect(group.cutOff).toBeUndefined();
  await sites.sitepair.must('test-cleanup', 'erp');
  writeFileSync(sites.path('well'), '');
  await sites.sitepair.must('test-failover', 'erp', '--dir', copies);
});
