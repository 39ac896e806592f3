/** Groups of one failover plan whose primary sites are opposite ones: they are led to one site, or nowhere. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SeveralGroups, start } from '../support/several-groups.ts';

const words = (operation: string, ...more: string[]): string[] => ['failover-plan', 'run', 'lost', operation, ...more];

test('groups go to different sites only where nobody confirms it; to one by its name, and home again', async (context) => {
  const groups = new SeveralGroups(context);
  await groups.protect('db');
  await groups.protect('app', undefined, 'b');
  await groups.setPlan('priorities: {1: [db, app]}');
  const { report } = await groups.sitepair.run('failover-plan', 'check', 'lost', '--for', 'planned-failover');
  expect(report.review).toMatchObject({
    verdict: 'blocked',
    leadsTo: [
      { site: 'Hall B', groups: ['db'] },
      { site: 'Hall A', groups: ['app'] },
    ],
  });
  for (const way of [[], ['--to', 'primary'], ['--to-site', 'Hall C'], ['--to', 'recovery', '--to-site', 'Hall B']]) {
    const refused = await groups.sitepair.run(...words('planned-failover', ...way, '--confirm', 'lost'));
    expect([refused.exitCode, refused.report.error?.code], way.join(' ')).toEqual([2, 'invalid-input']);
  }
  expect(await groups.runsOf('app')).toEqual(['protect succeeded']);

  for (const [operation, site, db] of [
    ['planned-failover', 'Hall B', 'recovery'],
    ['commit', null, 'recovery'],
    ['reprotect', null, 'recovery'],
    ['failback', 'Hall A', 'primary'],
  ] as const) {
    await groups.sitepair.must(...words(operation, '--confirm', 'lost', ...(site === null ? [] : ['--to-site', site])));
    expect(await groups.siteOf('db')).toBe(db);
  }
  expect(await groups.siteOf('app')).toBe('primary');
  expect(await groups.runsOf('app')).toEqual(['protect succeeded']);
});

test('a group that this machine did not know as the plan began is led to where the others go, or not at all', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db], 2: [app]}');
  await groups.setStep('db', `touch ${groups.path('begun')}; until test -e ${groups.path('free')}; do sleep 0.1; done`);
  const running = groups.sitepair.start(...start);
  while (!existsSync(groups.path('begun'))) await sleep(20);
  await groups.protect('app', undefined, 'b');
  writeFileSync(groups.path('free'), '');
  const stopped = await running.ended;
  expect(stopped.report.planRun?.turns[1]?.error?.message).toContain('app was no group of this machine');
  const resume = ['failover-plan', 'resume', 'lost', '--confirm', 'lost'];
  expect((await groups.sitepair.run(...resume)).report.error?.message).toContain('db to Hall B; app to Hall A');
  expect(await groups.siteOf('app')).toBe('primary');

  await groups.sitepair.must('group', 'remove', 'app', '--confirm', 'app');
  for (const site of ['a', 'b']) rmSync(groups.path(`${site}/store/app`), { recursive: true });
  await groups.protect('app', groups.path('b/another.img'));
  await groups.sitepair.must(...resume);
  expect(await groups.siteOf('app')).toBe('recovery');
});
