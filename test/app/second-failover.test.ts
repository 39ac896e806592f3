/** What a failover does to other runs of its group. */
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { Gate } from '../support/gate.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const failover = {
  operation: 'failover' as const,
  group: 'erp',
  confirm: 'erp',
  accept: ['production-stopped', 'target-not-in-use'],
};

test('a failover asked for twice is carried out once, and the second asking stops nothing', async (context) => {
  const sites = new TwoSites(context);
  const gate = new Gate(sites.path('gate'));
  await sites.protect('--stopped-check', gate.command);
  const application = await applicationAt(sites.sitepair.home, context);
  const first = await application.invoke('operations.start', failover);
  await gate.reached();
  const second = await application.invoke('operations.start', failover).catch((error: unknown) => error);
  gate.open();
  const { run, group } = await application.invoke('operations.result', first);
  expect([run.outcome, run.error]).toEqual(['succeeded', undefined]);
  expect(group).toMatchObject({ phase: 'failed-over', activeSite: 'recovery' });
  expect(second).toMatchObject({ report: { code: 'busy', where: 'erp' } });
});

test('a cycle makes way for a failover', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '20K/s');
  write(sites.source(), 0, 300_000);
  const application = await applicationAt(sites.sitepair.home, context);
  const sync = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
  const running = { operation: 'failover', group: 'erp' } as const;
  await expect.poll(async () => (await application.invoke('groups.show', { name: 'erp' })).group.phase).toBe('syncing');
  const { verdict, checks } = await application.invoke('checks.run', running);
  expect([verdict, checks[0]?.id, checks[0]?.status]).toEqual(['warnings', 'no-other-run', 'warn']);
  expect(checks[0]?.found).toMatch(/^The sync that tester began at .* holds the group and makes way: it is stopped/);
  const { run } = await carriedOut(application, failover);
  expect(run.outcome, run.error?.message).toBe('succeeded');
  const { run: cycle } = await application.invoke('operations.result', sync);
  expect(cycle.outcome).toBe('cancelled');
  const cycleEnd = Date.parse(cycle.startedAt) + cycle.seconds * 1000;
  expect(Date.parse(run.startedAt), 'it begins when the cycle has made way').toBeGreaterThanOrEqual(cycleEnd);
  expect(Date.parse(run.confirmedAt ?? ''), 'it is counted from when it was asked for').toBeLessThan(cycleEnd);
});
