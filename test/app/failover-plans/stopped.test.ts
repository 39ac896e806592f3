/** A failover plan that is asked to stop stops, and one that cannot be taken down does not begin. */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { applicationAt } from '../../support/application-at.ts';
import { SeveralGroups } from '../../support/several-groups.ts';

const plan = 'priorities: {1: [db, crm]}';

/** Has the catalog refuse a change of one of its tables, as a full disk does. */
function refusing(home: string, what: string): void {
  const database = new Database(join(home, 'catalog.sqlite'));
  database.exec(`CREATE TRIGGER refused BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  database.close();
}

/** Has it take them down again. */
function takingDown(home: string): void {
  const database = new Database(join(home, 'catalog.sqlite'));
  database.exec('DROP TRIGGER refused');
  database.close();
}

test('where the catalog takes nothing down any more, a stop reaches every run under way', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const groups = new SeveralGroups(context);
  await groups.protectApart('db', 'crm');
  await groups.setPlan(plan);
  for (const name of ['db', 'crm']) {
    await groups.setStep(name, `touch ${groups.path(name)}; until test -e ${groups.path('free')}; do sleep 0.1; done`);
  }
  const application = await applicationAt(groups.sitepair.home, context);
  const order = { name: 'lost', operation: 'failover', confirm: 'lost' } as const;
  const { planRun } = await application.invoke('failover-plans.start', order);
  while (!['db', 'crm'].every((name) => existsSync(groups.path(name)))) await sleep(20);
  refusing(groups.sitepair.home, 'INSERT ON run_requests');
  await application.invoke('failover-plans.cancel', { id: planRun.id });
  const ended = (await application.invoke('failover-plans.result', { id: planRun.id })).planRun;
  expect(ended.outcome).toBe('cancelled');
  expect(ended.turns.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
});

test('a plan whose end cannot be taken down has ended once it can be', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'crm'], plan);
  const application = await applicationAt(groups.sitepair.home, context);
  const ofPlan = 'UPDATE ON failover_plan_runs WHEN NEW.outcome IS NOT NULL';
  refusing(groups.sitepair.home, ofPlan);
  const order = { name: 'lost', operation: 'failover', confirm: 'lost' } as const;
  const { planRun } = await application.invoke('failover-plans.start', order);
  await application.invoke('failover-plans.result', { id: planRun.id });
  const lastOutcome = async (): Promise<string | null | undefined> =>
    (await application.invoke('failover-plans.show', { name: 'lost' })).plan.lastRun?.outcome;
  expect(await lastOutcome()).toBeNull();
  takingDown(groups.sitepair.home);
  await vi.waitFor(async () => expect(await lastOutcome()).toBe('succeeded'), { timeout: 20_000, interval: 200 });
  await application.invoke('failover-plans.remove', { name: 'lost' });
});

test('a plan whose begin cannot be taken down begins nothing', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'crm'], plan);
  refusing(groups.sitepair.home, "INSERT ON audit WHEN NEW.action = 'failover plan started'");
  const application = await applicationAt(groups.sitepair.home, context);
  const order = { name: 'lost', operation: 'failover', confirm: 'lost' } as const;
  await expect(application.invoke('failover-plans.start', order)).rejects.toThrow();
  expect((await application.invoke('failover-plans.show', { name: 'lost' })).plan.lastRun).toBeNull();
  for (const name of ['db', 'crm']) expect(await groups.runsOf(name)).toEqual(['protect succeeded']);
});
