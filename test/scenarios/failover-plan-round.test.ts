/** A failover plan through the whole lifecycle, what is accepted in one of its groups, and what its text may hold. */
import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { killed } from '../support/kills.ts';
import { planRunOf, SeveralGroups } from '../support/several-groups.ts';
import { write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const plan = 'priorities: {1: [db], 2: [app]}';
const names = ['db', 'app'];
const words = (operation: string): string[] => ['failover-plan', 'run', 'lost', operation, '--confirm', 'lost'];

async function expectAll(groups: SeveralGroups, phase: string, site: string): Promise<void> {
  for (const name of names) {
    expect(await groups.sitepair.group(name)).toMatchObject({ phase, activeSite: site });
  }
}

test('over, and all the way back: nothing is lost, and each way is one confirmation', async (context) => {
  const groups = await SeveralGroups.protected(context, names, plan);
  for (const name of names) write(groups.volume('a', name), 0, 50_000);
  await groups.sitepair.must(...words('planned-failover'));
  await expectAll(groups, 'failed-over', 'recovery');
  for (const name of names) run('cmp', groups.volume('a', name), groups.volume('b', name));
  for (const [operation, phase, site] of [
    ['commit', 'committed', 'recovery'],
    ['reprotect', 'protected', 'recovery'],
    ['failback', 'failed-over', 'primary'],
    ['commit', 'committed', 'primary'],
    ['reprotect', 'protected', 'primary'],
  ] as const) {
    if (operation === 'reprotect') {
      for (const name of names) write(groups.volume(site === 'primary' ? 'a' : 'b', name), 1000, 30_000);
    }
    await groups.sitepair.must(...words(operation));
    await expectAll(groups, phase, site);
    // What is done already is not done again.
    const { planRun } = await groups.sitepair.must(...words(operation));
    expect(planRunOf(planRun).turns.map(({ state, runId }) => [state, runId])).toEqual([
      ['done', null],
      ['done', null],
    ]);
    if (operation === 'reprotect') {
      for (const name of names) run('cmp', groups.volume('a', name), groups.volume('b', name));
    }
  }
});

test('a second disaster leads to the primary site where that is said, and nowhere else', async (context) => {
  const groups = await SeveralGroups.protected(context, names, plan);
  for (const operation of ['failover', 'commit', 'reprotect']) await groups.sitepair.must(...words(operation));
  await groups.sitepair.must(...words('failover'));
  await expectAll(groups, 'protected', 'recovery');
  await groups.sitepair.must(...words('failover'), '--to', 'primary');
  await expectAll(groups, 'failed-over', 'primary');
  expect((await groups.sitepair.run(...words('commit'), '--to', 'primary')).exitCode).toBe(2);
});

test('a planned failover that was killed in its last cycle finishes that, and then changes sides', async (context) => {
  const groups = await SeveralGroups.protected(context, names, plan);
  write(groups.volume('a', 'db'), 0, 100_000);
  const inCycle = { files: /\/b\/db\.img$/, nth: 2 };
  expect(await killed(groups, inCycle, ...words('planned-failover'))).toBe(true);
  expect((await groups.sitepair.group('db')).phase).toBe('interrupted');
  await groups.sitepair.must('failover-plan', 'resume', 'lost', '--confirm', 'lost');
  await expectAll(groups, 'failed-over', 'recovery');
  expect((await groups.runsOf('db')).slice(1)).toEqual([
    'planned-failover interrupted',
    'resume succeeded',
    'planned-failover succeeded',
  ]);
});

test('a check is accepted of the group that was named, and of no other', async (context) => {
  const groups = await SeveralGroups.protected(context, names, plan);
  for (const name of names) await groups.sitepair.must('group', 'set', name, '--stopped-check', 'exit 3');
  const check = ['failover-plan', 'check', 'lost', '--for', 'planned-failover'];
  expect((await groups.sitepair.run(...check)).exitCode).toBe(3);
  const one = ['--accept', 'db:production-stopped'];
  const stopped = await groups.sitepair.run(...words('planned-failover'), ...one);
  expect(stopped.exitCode, stopped.printed).toBe(3);
  expect(groups.statesOf(stopped)).toEqual({ db: 'done', app: 'stopped' });
  const { planRun } = await groups.sitepair.must(
    'failover-plan',
    'resume',
    'lost',
    '--confirm',
    'lost',
    '--accept',
    'app:production-stopped',
  );
  const { runId } = planRunOf(planRun).turns[1] ?? {};
  expect((await groups.sitepair.must('runs', 'show', runId ?? '')).run?.accepted).toEqual(['production-stopped']);
  for (const wrong of ['nobody:production-stopped', 'db:no-such-check', 'db']) {
    expect((await groups.sitepair.run(...check, '--accept', wrong)).exitCode).toBe(2);
  }
});

test('a plan of a group that is not there says so, and holds back what comes after it', async (context) => {
  const groups = await SeveralGroups.protected(context, ['app'], plan);
  const stopped = await groups.sitepair.run(...words('failover'));
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.planRun?.turns[0]?.error?.code).toBe('group-unknown');
  expect(groups.statesOf(stopped)).toEqual({ db: 'stopped', app: 'held-back' });
  renameSync(groups.path('lost.yaml'), groups.path('kept.yaml'));
  await groups.sitepair.must('failover-plan', 'remove', 'lost');
  expect((await groups.sitepair.run(...words('failover'))).report.error?.code).toBe('plan-unknown');
});

test.for([
  ['priorities:\n  1: [db]\n  2: [app, db]', /^Line 3 .*db stands at priority 1 already/],
  ['priorities:\n  1: [db]\n  "1": [app]', /^Line 3 .*Map keys must be unique/],
  ['priorities:\n  first: [db]', /^Line 2 .*"first" is none/],
  ['priorities:\n  1: db', /^Line 2 .*Priority 1 wants a list of groups/],
  ['on-failure: perhaps\npriorities:\n  1: [db]', /^Line 1 .*"on-failure" wants one of stop, go-on/],
  ['priorities:\n  1: [db]\nat-once: 99', /^Line 3 .*from 1 to 16/],
  ['priorities:\n  1: [db]\nsteps: []', /^Line 3 .*has no "steps"/],
  ['', /"priorities" wants/],
] as const)('a line that is wrong is named, and nothing is kept: %j', async ([text, says], context) => {
  const groups = new SeveralGroups(context);
  writeFileSync(groups.path('plan.yaml'), text);
  const { exitCode, report } = await groups.sitepair.run('failover-plan', 'set', 'lost', groups.path('plan.yaml'));
  expect(exitCode).toBe(2);
  expect(report.error?.message).toMatch(says);
  expect((await groups.sitepair.run('failover-plan', 'show', 'lost')).exitCode).toBe(2);
});
