/** What is told of cycles by the clock with a group and its runs: that they are held, and when one is tried again. */
import { writeFileSync } from 'node:fs';
import { expect, test, vi, type TestContext } from 'vitest';
import { SchedulerSeat } from '../../../src-main/catalog/scheduler-seat.ts';
import type { Application } from '../../../src-main/contract/contract.ts';
import type { GroupView } from '../../../src-main/contract/groups.ts';
import type { OperationResult } from '../../../src-main/contract/runs.ts';
import { openedCatalog } from '../../catalog/fixtures.ts';
import { applicationAt, carriedOut } from '../../support/application-at.ts';
import { Gate } from '../../support/gate.ts';
import { TwoSites, write } from '../../support/two-sites.ts';

const soon = { timeout: 60_000, interval: 50 };
const held =
  /^Cycles by the clock are held since \S+Z\. (The operator stopped the last sync\.|The last failover did not come about, and may still be wanted\.) The next sync or resume by hand lets them go on\.$/;
const again = /^By the clock it is tried again at (\S+Z), unless .*: sitepair group set erp --schedule off$/;

async function groupOf(application: Application): Promise<GroupView> {
  return (await application.invoke('groups.show', { name: 'erp' })).group;
}

/** When a run ended, milliseconds since the epoch. */
function endOf({ run }: OperationResult): number {
  return Math.trunc(Date.parse(run.startedAt) + run.seconds * 1000);
}

/** A cycle that its operator stops in its middle. */
async function stopped(sites: TwoSites, application: Application): Promise<OperationResult> {
  write(sites.source(), 0, 300_000);
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '30K/s');
  const { runId } = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
  await vi.waitFor(async () => {
    const { progress } = await application.invoke('runs.progress', { id: runId });
    expect(progress?.figures.bytesCompared).toBeGreaterThan(0);
  }, soon);
  await application.invoke('runs.cancel', { id: runId });
  const result = await application.invoke('operations.result', { runId });
  await sites.sitepair.must('group', 'set', 'erp', '--limit', 'none');
  return result;
}

async function protectedSites(
  context: TestContext,
  ...options: string[]
): Promise<{ sites: TwoSites; application: Application }> {
  const sites = new TwoSites(context);
  await sites.protect(...options);
  return { sites, application: await applicationAt(sites.sitepair.home, context) };
}

/** The sentences of a run's end, as they were given to who waited for it, and as they are kept. */
async function saidBy(application: Application, { run, next }: OperationResult): Promise<string[]> {
  expect((await application.invoke('runs.show', { id: run.id })).run.report?.next).toEqual(next);
  return next;
}

test('that a stopped cycle holds those by the clock is said until one is begun by hand', async (context) => {
  const { sites, application } = await protectedSites(context);
  expect((await groupOf(application)).health).toEqual({ level: 'ok', reasons: [] });
  const result = await stopped(sites, application);
  expect(await saidBy(application, result)).toContainEqual(expect.stringMatching(held));
  const [ended] = (await application.invoke('runs.list', { group: 'erp', limit: 1 })).runs;
  const end = new Date(Date.parse(ended?.startedAt ?? '') + (ended?.seconds ?? 0) * 1000).toISOString();
  const cutOff = await groupOf(application);
  expect(cutOff.byClock).toEqual({ does: 'hold', since: end, by: { operation: 'sync', stopped: true } });
  // What was cut off is more urgent.
  expect(cutOff.health.reasons[0]).toMatch(/^A cycle .* was cut off\./);
  expect(cutOff.health.reasons.at(-1)).toMatch(held);

  const back = await sites.sitepair.run('rollback', 'erp');
  expect(back.report).toMatchObject({
    next: [expect.stringMatching(/sitepair sync erp/), expect.stringMatching(held)],
  });
  expect(await groupOf(application)).toMatchObject({
    phase: 'protected',
    byClock: { does: 'hold', since: end, by: { operation: 'sync', stopped: true } },
    health: { level: 'warning', reasons: [expect.stringMatching(held)] },
  });
  // What goes on beside cycles says nothing of them.
  expect(await saidBy(application, await carriedOut(application, { operation: 'verify', group: 'erp' }))).toEqual([]);

  const synced = await carriedOut(application, { operation: 'sync', group: 'erp' });
  expect(synced).toMatchObject({ run: { outcome: 'succeeded' }, next: [], group: { health: { level: 'ok' } } });
  const free = await groupOf(application);
  expect([free.byClock, free.health]).toEqual([undefined, { level: 'ok', reasons: [] }]);
});

test('where cycles are begun by hand none is held', async (context) => {
  const { sites, application } = await protectedSites(context, '--schedule', 'off');
  const { next } = await stopped(sites, application);
  expect(next.filter((one) => one.includes('clock'))).toEqual([]);
  const { byClock, health } = await groupOf(application);
  expect([byClock, health.reasons.length]).toEqual([undefined, 1]);
});

test('a cycle that failed says when the clock tries it again, where somebody does', async (context) => {
  const { sites, application } = await protectedSites(context, '--rpo', '30s');
  write(sites.source(), 0, 100_000);
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'exit 3');
  const alone = await carriedOut(application, { operation: 'sync', group: 'erp' });
  expect(alone.run.outcome).toBe('failed');
  expect(alone.next.filter((one) => one.includes('clock'))).toEqual([]);
  expect((await groupOf(application)).byClock).toBeUndefined();

  // Nobody begins anything in this seat: what is told is not overtaken.
  expect(new SchedulerSeat(openedCatalog(sites.sitepair.home), 'test').take()).toBe(true);
  const failed = await carriedOut(application, { operation: 'sync', group: 'erp' });
  expect(failed.run.outcome).toBe('failed');
  const [said = ''] = (await saidBy(application, failed)).filter((one) => again.test(one));
  const at = again.exec(said)?.[1] ?? '';
  expect(Date.parse(at) - endOf(failed), 'the point is too old by then').toBe(60_000);
  const { byClock, health } = await groupOf(application);
  expect(byClock).toEqual({ does: 'try-again', at });
  expect(health.reasons.filter((one) => one.includes('clock'))).toEqual([]);
  await sites.sitepair.must('group', 'set', 'erp', '--schedule', 'off');
  expect((await groupOf(application)).byClock).toBeUndefined();
});

test('a failover that stopped at a step again holds cycles still; a planned one is not tried by the clock', async (context) => {
  const { sites, application } = await protectedSites(context);
  const plan = sites.path('plan.yaml');
  writeFileSync(plan, 'steps:\n  - { id: cut, before: [failover, planned-failover], run: exit 3 }\n');
  await sites.sitepair.must('plan', 'set', 'erp', plan);
  const seat = new SchedulerSeat(openedCatalog(sites.sitepair.home), 'test');
  expect(seat.take()).toBe(true);
  await sites.sitepair.run('failover', 'erp', '--confirm', 'erp');
  const stoppedAgain = await sites.sitepair.run('resume', 'erp', '--confirm', 'erp');
  expect(stoppedAgain.report.next).toContainEqual(expect.stringMatching(held));
  expect((await groupOf(application)).byClock).toMatchObject({ does: 'hold', by: { operation: 'failover' } });

  await sites.sitepair.must('rollback', 'erp');
  await sites.sitepair.must('sync', 'erp');
  const accepted = ['--accept', 'production-stopped'];
  await sites.sitepair.run('failover', 'erp', '--planned', '--confirm', 'erp', ...accepted);
  expect(seat.take(), 'cycles are begun by the clock').toBe(true);
  const view = await groupOf(application);
  expect([view.cutOff?.steps?.of, view.byClock]).toEqual(['planned-failover', undefined]);
});

test('what was cut off is gone on with by the clock at once, and that is told with the group', async (context) => {
  const { sites, application } = await protectedSites(context);
  const gate = new Gate(sites.path('gate'));
  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', gate.command);
  const running = sites.sitepair.start('sync', 'erp');
  await gate.reached();
  running.kill('SIGKILL');
  await running.ended;
  gate.open();
  expect(new SchedulerSeat(openedCatalog(sites.sitepair.home), 'test').take()).toBe(true);
  await application.invoke('runs.list', { group: 'erp', limit: 1 });
  const { phase, byClock } = await groupOf(application);
  expect([phase, byClock?.does]).toEqual(['interrupted', 'try-again']);
  expect(byClock?.does === 'try-again' && Date.parse(byClock.at) <= Date.now()).toBe(true);

  await sites.sitepair.must('group', 'set', 'erp', '--before-cycle', 'exit 3');
  const failed = await carriedOut(application, { operation: 'resume', group: 'erp' });
  expect(failed.group).toMatchObject({ phase: 'interrupted', byClock: { does: 'try-again' } });
  const [said = ''] = (await saidBy(application, failed)).filter((one) => again.test(one));
  expect(Date.parse(again.exec(said)?.[1] ?? '') - endOf(failed)).toBe(60_000);
});
