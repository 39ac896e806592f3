/** Cycles by the clock without a window: `sitepair service`, as it is started, stopped and killed on a machine. */
import { appendFileSync, readFileSync } from 'node:fs';
import { expect, test, vi, type TestContext } from 'vitest';
import type { Application } from '../../src-main/contract/contract.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import type { ScheduleTurn } from '../../src-main/contract/schedule.ts';
import { applicationAt } from '../support/application-at.ts';
import { Program } from '../support/command-line.ts';
import { Gate } from '../support/gate.ts';
import { killed } from '../support/kills.ts';
import { Installation } from '../support/installation.ts';
import { TwoSites, write } from '../support/two-sites.ts';

/** Slow enough that a cycle can be stopped in its middle. */
const slow = ['--limit', '30K/s'];
const soon = { timeout: 60_000, interval: 100 };

function service(sites: TwoSites): Program {
  return new Program(['--home', sites.sitepair.home, 'service']);
}

async function runsOf(application: Application, group = 'erp'): Promise<Run[]> {
  return (await application.invoke('runs.list', { group, limit: 100 })).runs;
}

async function turnOf(application: Application, group = 'erp'): Promise<ScheduleTurn | undefined> {
  return (await application.invoke('schedule.show', {})).turns.find((turn) => turn.group === group);
}

/** Waits for so many cycles that were begun by the clock and succeeded; gives all runs, newest first. */
function cyclesBegun(application: Application, count: number, group = 'erp'): Promise<Run[]> {
  return vi.waitFor(async () => {
    const runs = await runsOf(application, group);
    const good = runs.filter((run) => run.operator === 'scheduler' && run.outcome === 'succeeded');
    expect(good.length).toBeGreaterThanOrEqual(count);
    return runs;
  }, soon);
}

/** Waits until a cycle that the clock began copies. */
function underWay(application: Application): Promise<Run> {
  return vi.waitFor(async () => {
    const [run] = await runsOf(application);
    expect(run).toMatchObject({ operator: 'scheduler', outcome: null });
    expect(run?.bytesCompared).toBeGreaterThan(0);
    if (run === undefined) throw new Error('there is no run');
    return run;
  }, soon);
}

async function protectedSites(
  context: TestContext,
  ...options: string[]
): Promise<{ sites: TwoSites; application: Application }> {
  const sites = new TwoSites(context);
  await sites.protect('--rpo', '4s', ...options);
  return { sites, application: await applicationAt(sites.sitepair.home, context) };
}

test('a service makes new points by itself; one beside it waits, and takes over when it is killed', async (context) => {
  const { sites, application } = await protectedSites(context);
  write(sites.source(), 0, 100_000);
  const one = service(sites);
  await cyclesBegun(application, 2);
  sites.expectMirrored();
  const { scheduler } = await application.invoke('schedule.show', {});
  expect(scheduler).toEqual({ pid: one.pid, client: 'service', here: false });
  const two = service(sites);
  one.signal('SIGKILL');
  await one.ended;
  await vi.waitFor(async () => {
    expect((await application.invoke('schedule.show', {})).scheduler?.pid).toBe(two.pid);
  }, soon);
  write(sites.source(), 0, 100_000);
  const before = (await runsOf(application)).length;
  await cyclesBegun(application, before + 1);
  sites.expectMirrored();
  two.signal('SIGTERM');
  expect(await two.ended).toMatchObject({ exitCode: 0, signal: null, stderr: '' });
  expect(two.stdout).toMatch(/erp {2}sync succeeded after .*\nStopped\. /s);
  expect((await application.invoke('schedule.show', {})).scheduler).toBeNull();
  const { entries } = await application.invoke('audit.list', { limit: 50 });
  const begun = entries.filter(({ action }) => action === 'sync started');
  expect(new Set(begun.map(({ operator }) => operator))).toEqual(new Set(['scheduler']));
});

test(
  'a service that is frozen loses its seat, and begins nothing when it comes back',
  { timeout: 180_000 },
  async (context) => {
    const { sites, application } = await protectedSites(context);
    const one = service(sites);
    await cyclesBegun(application, 1);
    const seated = async (): Promise<number | undefined> =>
      (await application.invoke('schedule.show', {})).scheduler?.pid;
    expect(await seated()).toBe(one.pid);
    const two = service(sites);
    await two.until(() => two.stdout.includes('Cycles begin by the clock'));
    one.signal('SIGSTOP');
    await vi.waitFor(async () => expect(await seated()).toBe(two.pid), soon);
    const lines = (program: Program): number => program.stdout.split('\n').length;
    // What it had begun before it was frozen may still end.
    await vi.waitFor(() => expect(lines(two)).toBeGreaterThan(2), soon);
    one.signal('SIGCONT');
    const [mine, others] = [lines(one), lines(two)];
    await vi.waitFor(() => expect(lines(two)).toBeGreaterThan(others + 2), soon);
    expect(await seated()).toBe(two.pid);
    expect(lines(one)).toBeLessThanOrEqual(mine + 1);
  },
);

test('SIGTERM leaves the cycle to be gone on with, and the next service does', async (context) => {
  const { sites, application } = await protectedSites(context, ...slow);
  write(sites.source(), 0, 300_000);
  const one = service(sites);
  const { id } = await underWay(application);
  one.signal('SIGTERM');
  expect(await one.ended).toMatchObject({ exitCode: 0, signal: null });
  const { run } = await application.invoke('runs.show', { id });
  expect(run).toMatchObject({ outcome: 'interrupted', error: { code: 'interrupted' } });
  expect((await sites.sitepair.group('erp')).phase).toBe('interrupted');
  // Nothing holds the group any more.
  await sites.sitepair.must('group', 'set', 'erp', '--limit', 'none');
  service(sites);
  const runs = await cyclesBegun(application, 1);
  expect(runs.findLast(({ operator }) => operator === 'scheduler')?.id).toBe(id);
  expect(runs.some(({ operation, outcome }) => operation === 'resume' && outcome === 'succeeded')).toBe(true);
  sites.expectMirrored();
});

test('a cycle that the operator cancels is held until he goes on with it', async (context) => {
  const { sites, application } = await protectedSites(context, ...slow);
  write(sites.source(), 0, 300_000);
  service(sites);
  const { id } = await underWay(application);
  await application.invoke('runs.cancel', { id });
  await vi.waitFor(async () => {
    expect((await turnOf(application))?.waits).toMatch(/^The operator stopped the last sync\./);
  }, soon);
  const held = await runsOf(application);
  expect(held[0]).toMatchObject({ id, outcome: 'cancelled' });
  await sites.sitepair.must('group', 'set', 'erp', '--limit', 'none');
  await sites.sitepair.must('resume', 'erp');
  const runs = await cyclesBegun(application, 1);
  // Nothing began between the cancel and the resume by hand.
  const resumed = runs.findIndex(({ operation }) => operation === 'resume');
  expect(runs[resumed]?.operator).toBe('tester');
  expect(runs[resumed + 1]?.id).toBe(id);
});

test('groups whose replicas lie on one disk never have cycles at once', async (context) => {
  const { sites, application } = await protectedSites(context);
  const log = sites.path('log');
  const hooks = (name: string): string[] => [
    '--before-cycle',
    `echo begin ${name} >> ${log}; sleep 0.5`,
    '--after-cycle',
    `echo end ${name} >> ${log}`,
  ];
  const other = new TwoSites(context);
  const words = other.creation('--rpo', '4s').map((word) => (word === 'erp' ? 'crm' : word));
  await sites.sitepair.must(...words);
  await sites.sitepair.must('protect', 'crm');
  for (const name of ['erp', 'crm']) await sites.sitepair.must('group', 'set', name, ...hooks(name));
  appendFileSync(log, '');
  service(sites);
  await cyclesBegun(application, 3, 'erp');
  await cyclesBegun(application, 3, 'crm');
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  lines.forEach((line, n) => {
    if (n % 2 === 1) expect(line).toBe(lines[n - 1]?.replace('begin', 'end'));
  });
});

test('a group that another process holds is waited for, and said to be', async (context) => {
  const { sites, application } = await protectedSites(context);
  const elsewhere = new Installation(sites.path('other-home'));
  const stores = [sites.recoveryStore, '--other-store', sites.primaryStore];
  await elsewhere.must('group', 'adopt', ...stores);
  const gate = new Gate(sites.path('gate'));
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', gate.command);
  await elsewhere.must('group', 'set', 'erp', '--confirm-hooks');
  const cycle = elsewhere.start('sync', 'erp');
  sites.scratch.later(() => gate.open());
  await gate.reached();
  service(sites);
  await vi.waitFor(async () => {
    expect((await turnOf(application))?.waits).toMatch(/^It is held by process \d+ on .*\(sync, since/);
  }, soon);
  expect((await runsOf(application)).map(({ operation }) => operation)).toEqual(['protect']);
  gate.open();
  expect((await cycle.ended).exitCode).toBe(0);
  await cyclesBegun(application, 1);
});

test('quiet hours that begin under a cycle slow it down', async (context) => {
  const { sites, application } = await protectedSites(context, ...slow);
  // A cycle of more than half a minute.
  write(sites.source(1), 0, 900_000);
  // The service's clock shows twenty seconds before a full hour.
  const now = new Date();
  const hour = new Date(now);
  hour.setHours(now.getHours() + 2, 0, 0, 0);
  const ahead = (hour.getTime() - now.getTime()) / 1000 - 20;
  const from = `${String(hour.getHours()).padStart(2, '0')}:00`;
  await sites.sitepair.must('group', 'set', 'erp', '--quiet-hours', `${from}-${from.slice(0, 2)}:30 20K/s`);
  const later = new Installation(sites.sitepair.home, { clockAheadSeconds: ahead });
  const running = later.start('service');
  const { id } = await underWay(application);
  const limits = new Set<number | null | undefined>();
  await vi.waitFor(async () => {
    const { progress } = await application.invoke('runs.progress', { id });
    limits.add(progress?.limitBytesPerSecond);
    expect([...limits]).toEqual([30 * 1024, 20 * 1024]);
  }, soon);
  running.kill('SIGTERM');
  expect((await running.ended).exitCode).toBe(0);
});

test('a missed target is told once, with its end, to the command and to every window', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect('--rpo', '12s', '--schedule', 'off');
  const application = await applicationAt(sites.sitepair.home, context);
  const heard: string[] = [];
  // Who is told of alerts is who watches for changes, as a window does.
  application.subscribe('state.changed', () => undefined);
  application.subscribe('alert.raised', ({ event, group }) => heard.push(`${group} ${event}`));
  const told = sites.path('told');
  const command = `echo "$SITEPAIR_EVENT $SITEPAIR_GROUP $SITEPAIR_TARGET_SECONDS" >> ${told}; echo no mail >&2; exit 3`;
  await sites.sitepair.must('alerts', '--on-alert', command);
  const running = service(sites);
  await vi.waitFor(() => expect(heard).toEqual(['erp target-missed']), soon);
  expect((await sites.sitepair.group('erp')).health).toMatchObject({ level: 'warning' });
  const [missed] = (await application.invoke('alerts.list', { limit: 5 })).alerts;
  const samples = async (): Promise<number> =>
    (await application.invoke('lag.list', { name: 'erp', seconds: 600 })).samples.length;
  const before = await samples();
  await sites.sitepair.must('sync', 'erp');
  await vi.waitFor(() => expect(heard).toEqual(['erp target-missed', 'erp target-held']), soon);
  expect(readFileSync(told, 'utf8')).toBe('target-missed erp 12\ntarget-held erp 12\n');
  await vi.waitFor(async () => {
    const { alerts } = await application.invoke('alerts.list', { limit: 5 });
    expect(alerts.map(({ event }) => event)).toEqual(['target-held', 'target-missed']);
    expect(alerts[0]?.commandFailure).toBe('It ended with exit code 3: no mail');
  }, soon);
  expect(missed?.message).toMatch(
    /^The point that a failover of erp takes is \d+ s old, older than its target of 12 s\.$/,
  );
  // The age before the new point, and after.
  expect(await samples()).toBe(before + 2);
  running.signal('SIGTERM');
  const { exitCode, stdout } = await running.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/older than its target of 12 s\..*is younger than its target of 12 s again, after/s);
});

test('a seed that was killed is gone on with by the clock', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation('--rpo', '4s'));
  expect(await killed(sites, { files: /\/b\/one\.img$/, nth: 1 }, 'protect', 'erp')).toBe(true);
  expect((await sites.sitepair.group('erp')).phase).toBe('seeding');
  const application = await applicationAt(sites.sitepair.home, context);
  service(sites);
  const runs = await cyclesBegun(application, 1);
  expect(runs.findLast(({ operator }) => operator === 'scheduler')?.operation).toBe('resume');
  await vi.waitFor(async () => expect((await sites.sitepair.group('erp')).phase).toBe('protected'), soon);
  sites.expectMirrored();
});

test('where all points are damaged, the cycle that makes a sound one begins at once', async (context) => {
  const { sites, application } = await protectedSites(context, '--rpo', '1h');
  write(sites.source(1), 700_000, 100);
  write(sites.target(1), 700_000, 100);
  // The source holds what is newer than the point, so that it mends nothing.
  expect((await sites.sitepair.run('verify', 'erp', '--repair')).exitCode).toBe(1);
  const states = async (): Promise<string[]> => (await sites.sitepair.group('erp')).points.map(({ state }) => state);
  expect(await states()).toEqual(['damaged']);
  service(sites);
  await cyclesBegun(application, 1);
  expect((await states()).at(-1)).toBe('usable');
  sites.expectMirrored();
});

test('a defect that nobody caught is logged and told, and the service goes on', async (context) => {
  const { sites, application } = await protectedSites(context);
  const defect = `import { isMainThread } from 'node:worker_threads';
    if (isMainThread) process.on('SIGUSR2', () => { throw new Error('broken at heart'); });`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(defect)}` };
  const running = new Program(['--home', sites.sitepair.home, 'service'], { env });
  const before = (await cyclesBegun(application, 1)).length;
  running.signal('SIGUSR2');
  await running.until(() => running.stderr.includes('broken at heart'));
  await cyclesBegun(application, before + 1);
  running.signal('SIGTERM');
  expect((await running.ended).exitCode).toBe(0);
  expect(running.stderr).toBe(
    `Something went wrong inside Sitepair (broken at heart); cycles go on. It is in ${sites.sitepair.home}/sitepair.log.\n`,
  );
  expect(readFileSync(`${sites.sitepair.home}/sitepair.log`, 'utf8')).toContain('Error: broken at heart');
});
