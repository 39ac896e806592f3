/** Several groups fail over as one: their order, what stands in the way of one, and what a resume does. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { killed, recoveryRecord } from '../support/kills.ts';
import { planRunOf, SeveralGroups, start } from '../support/several-groups.ts';
import { run } from '../volumes/scratch.ts';

const three = `priorities:
  2: [app]
  1: [db, crm]
`;
const resume = ['failover-plan', 'resume', 'lost', '--confirm', 'lost'];

/** A command that waits the first time, with the number of its process kept, and goes through the next time. */
function waitingOnce(groups: SeveralGroups, name: string): string {
  const [pid, again] = [groups.path('pid'), groups.path('again')];
  return `${groups.noting(name)}; if test -e ${again}; then exit 0; fi; touch ${again}; echo $$ > ${pid}; sleep 600`;
}

async function untilItWaits(groups: SeveralGroups): Promise<void> {
  const pid = groups.path('pid');
  while (!existsSync(pid) || readFileSync(pid, 'utf8') === '') await sleep(20);
}

test('priorities go in their order, each group in a run of its own, and every run tells the plan', async (context) => {
  const groups = await SeveralGroups.protected(context, ['app', 'crm', 'db'], three);
  for (const name of ['app', 'crm', 'db']) await groups.setStep(name, groups.noting('$SITEPAIR_GROUP'));
  for (const confirm of [[], ['--confirm', 'db']]) {
    const refused = await groups.sitepair.run('failover-plan', 'run', 'lost', 'failover', ...confirm);
    expect(refused.exitCode).toBe(2);
    expect(refused.report.error?.message).toContain('(db, crm, app) must be confirmed');
  }
  expect(groups.noted).toEqual([]);

  const { planRun } = await groups.sitepair.must(...start, '--reason', 'fire in Hall A');
  const { id, turns } = planRunOf(planRun);
  expect(turns.map(({ group, priority, state }) => `${priority} ${group} ${state}`)).toEqual([
    '1 db done',
    '1 crm done',
    '2 app done',
  ]);
  expect(groups.noted.slice(0, 2).toSorted()).toEqual(['crm', 'db']);
  expect(groups.noted[2]).toBe('app');
  for (const { group, runId } of turns) {
    expect(await groups.siteOf(group)).toBe('recovery');
    run('cmp', groups.volume('a', group), groups.volume('b', group));
    const shown = await groups.sitepair.must('runs', 'show', runId ?? '');
    expect(shown.run).toMatchObject({ partOf: { plan: 'lost', id }, reason: 'fire in Hall A', outcome: 'succeeded' });
  }
  const { printed } = await groups.sitepair.run('audit');
  expect(printed).toContain('failover plan started');
  await groups.sitepair.must('report', turns[0]?.runId ?? '', '--out', groups.path('report.html'));
  expect(readFileSync(groups.path('report.html'), 'utf8')).toContain(`the failover plan lost (${id})`);
  // Nothing is led back by doing it once more.
  await groups.sitepair.must(...start);
  expect(await groups.runsOf('db')).toEqual(['protect succeeded', 'failover succeeded']);
  expect((await groups.sitepair.run(...resume)).exitCode).toBe(3);
});

test('a blocked group holds the later priorities back; a resume does it and them, and nothing twice', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'crm', 'app'], three);
  renameSync(groups.volume('b', 'crm'), groups.path('gone'));
  const { report } = await groups.sitepair.run('failover-plan', 'check', 'lost', '--for', 'failover');
  expect(report.review?.verdict).toBe('blocked');
  expect(report.review?.groups.map(({ group, report: found }) => `${group} ${found?.verdict ?? ''}`)).toEqual([
    'db ready',
    'crm blocked',
    'app ready',
  ]);
  const stopped = await groups.sitepair.run(...start);
  expect(stopped.exitCode, stopped.printed).toBe(3);
  expect(groups.statesOf(stopped)).toEqual({ db: 'done', crm: 'stopped', app: 'held-back' });
  expect(await groups.siteOf('app')).toBe('primary');
  const again = await groups.sitepair.run(...resume);
  expect(again.exitCode).toBe(3);
  expect(groups.statesOf(again)).toEqual({ db: 'done', crm: 'stopped', app: 'held-back' });

  renameSync(groups.path('gone'), groups.volume('b', 'crm'));
  const { planRun } = await groups.sitepair.must(...resume);
  expect(planRunOf(planRun)).toMatchObject({ id: stopped.report.planRun?.id, outcome: 'succeeded' });
  expect(planRunOf(planRun).attempts).toHaveLength(3);
  for (const name of ['db', 'crm', 'app']) expect(await groups.siteOf(name)).toBe('recovery');
  expect(await groups.runsOf('db')).toEqual(['protect succeeded', 'failover succeeded']);
});

test('the report of a plan tells of all its groups: who, why, what was accepted, how long, what was lost', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], 'priorities: {1: [db], 2: [app]}');
  const out = (name: string): string[] => ['failover-plan', 'report', 'lost', '--out', groups.path(name)];
  expect((await groups.sitepair.run(...out('none.html'))).exitCode).toBe(3);
  await groups.sitepair.must('group', 'set', 'db', '--stopped-check', 'exit 1');
  await groups.setStep('app', `test -e ${groups.path('mended')}`);
  const why = ['--reason', 'fire in <b>Hall A</b>', '--accept', 'db:production-stopped'];
  expect((await groups.sitepair.run(...start, ...why)).exitCode).toBe(5);
  writeFileSync(groups.path('mended'), '');
  const { planRun } = await groups.sitepair.must(...resume);
  await groups.sitepair.must(...out('report.html'));
  const page = readFileSync(groups.path('report.html'), 'utf8');
  const { id, turns, attempts } = planRunOf(planRun);
  const { run: first } = await groups.sitepair.must('runs', 'show', turns[0]?.runId ?? '');
  expect(first?.confirmedAt, 'a group is moved since the plan was confirmed').toBe(attempts[0]?.at);
  expect(turns[1]?.says).toMatch(/^Hall B was promoted/);
  const { printed } = await groups.sitepair.run('audit');
  const taken = /"failover plan resumed".*?accepted\\":\[(.*?)\]/.exec(printed);
  expect(taken?.[1], 'what was accepted holds for its attempt').toBe('');
  for (const said of [
    'Failover by the plan lost: succeeded',
    '2 of 2 groups through',
    'fire in &#60;b&#62;Hall A',
    'What was accepted',
    'gone on with',
    'production of the last of 2 groups had been moved',
    'failover plan started',
    'failover plan resumed',
    'failover plan ended',
    'Runs of app',
    id,
    ...turns.map(({ pointId = '' }) => pointId),
  ]) {
    expect(page).toContain(said);
  }
});

test('a plan that goes on leaves out what is blocked, and says so', async (context) => {
  const groups = await SeveralGroups.protected(
    context,
    ['db', 'app'],
    'on-failure: go-on\npriorities: {1: [db], 2: [app]}',
  );
  renameSync(groups.volume('b', 'db'), groups.path('gone'));
  const stopped = await groups.sitepair.run(...start);
  expect(stopped.exitCode).toBe(3);
  expect(stopped.report.planRun?.outcome).toBe('stopped');
  expect(groups.statesOf(stopped)).toEqual({ db: 'stopped', app: 'done' });
  renameSync(groups.path('gone'), groups.volume('b', 'db'));
  await groups.sitepair.must(...resume);
  expect(await groups.runsOf('app')).toEqual(['protect succeeded', 'failover succeeded']);
});

test.for(['before', 'after'])('a step %s a failover that fails is where a resume goes on', async (when, context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], 'priorities: {1: [db], 2: [app]}');
  const command = `${groups.noting('step')}; test -e ${groups.path('mended')}`;
  await groups.setStep('db', command, `${when}: failover`);
  const stopped = await groups.sitepair.run(...start);
  expect(stopped.exitCode).toBe(5);
  expect(stopped.report.planRun?.turns[0]).toMatchObject({ state: 'stopped', error: { code: 'step-failed' } });
  writeFileSync(groups.path('mended'), '');
  await groups.sitepair.must(...resume);
  expect(groups.noted).toEqual(['step', 'step']);
  const outcome = when === 'before' ? 'failed' : 'interrupted';
  expect(await groups.runsOf('db')).toEqual(['protect succeeded', `failover ${outcome}`, 'resume succeeded']);
  expect(await groups.siteOf('app')).toBe('recovery');
});

test('killed in the middle: it is told which groups are through, and a resume does the others', async (context) => {
  const groups = await SeveralGroups.protected(
    context,
    ['db', 'crm', 'app'],
    'priorities: {1: [db], 2: [crm], 3: [app]}',
  );
  await groups.setStep('crm', waitingOnce(groups, 'crm'));
  const running = groups.sitepair.start(...start);
  await untilItWaits(groups);
  const busy = await groups.sitepair.run(...start);
  expect(busy.exitCode, 'a plan that is carried out is not begun once more').toBe(4);
  expect((await groups.sitepair.run('failover-plan', 'remove', 'lost')).exitCode, 'it could not be stopped').toBe(4);
  running.kill('SIGKILL');
  await running.ended;
  const { printed } = await groups.sitepair.run('failover-plan', 'show', 'lost');
  const { lastRun } = (JSON.parse(printed) as { plan: { lastRun: unknown } }).plan;
  expect(lastRun).toMatchObject({
    outcome: 'interrupted',
    turns: [{ state: 'done' }, { state: 'stopped', outcome: 'interrupted' }, { state: 'held-back' }],
  });
  await groups.sitepair.must(...resume);
  expect(groups.noted).toEqual(['crm', 'crm']);
  expect(await groups.runsOf('db')).toEqual(['protect succeeded', 'failover succeeded']);
  expect(await groups.runsOf('crm')).toEqual(['protect succeeded', 'failover interrupted', 'resume succeeded']);
  expect(await groups.siteOf('app')).toBe('recovery');
});

test('another process stops a plan: its run is cancelled, and no further group begins', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], 'priorities: {1: [db], 2: [app]}');
  await groups.setStep('db', waitingOnce(groups, 'db'));
  const running = groups.sitepair.start(...start);
  await untilItWaits(groups);
  await groups.sitepair.must('failover-plan', 'stop', 'lost');
  const ended = await running.ended;
  expect(ended.exitCode, ended.printed).toBe(5);
  expect(ended.report.planRun?.outcome).toBe('cancelled');
  expect(groups.statesOf(ended)).toEqual({ db: 'stopped', app: 'held-back' });
  expect((await groups.sitepair.run('failover-plan', 'stop', 'lost')).exitCode).toBe(3);
  await groups.sitepair.must(...resume);
  expect(await groups.siteOf('app')).toBe('recovery');
});

test('equals on disks of their own are worked on at once, those that share one are not', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const groups = new SeveralGroups(context);
  await groups.protectApart('db', 'crm');
  await groups.protect('app');
  await groups.protect('mail');
  await groups.setPlan('priorities: {1: [db, crm], 2: [app, mail]}');
  // Each waits for the other one, which comes only if both are at work.
  for (const [name, other] of [
    ['db', 'crm'],
    ['crm', 'db'],
  ] as const) {
    await groups.setStep(name, `touch ${groups.path(name)}; until test -e ${groups.path(other)}; do sleep 0.1; done`);
  }
  const alone = `mkdir ${groups.path('alone')} && sleep 1 && rmdir ${groups.path('alone')}`;
  for (const name of ['app', 'mail']) await groups.setStep(name, alone);
  await groups.sitepair.must(...start);
});

test('what was done by hand meanwhile is found done, and a failover that was cut off is never led back', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'crm'], 'priorities: {1: [db], 2: [crm]}');
  await groups.sitepair.must('failover', 'db', '--confirm', 'db');
  const { epoch } = await groups.sitepair.group('db');
  const { planRun } = await groups.sitepair.must(...start);
  expect(planRunOf(planRun).turns[0]).toMatchObject({ group: 'db', state: 'done', runId: null });
  expect((await groups.sitepair.group('db')).epoch).toBe(epoch);

  await groups.protect('app');
  await groups.setPlan('priorities: {1: [app]}');
  for (let nth = 1; (await groups.sitepair.group('app')).phase !== 'failing-over'; nth += 1) {
    expect(await killed(groups, { files: recoveryRecord, nth }, 'failover', 'app', '--confirm', 'app')).toBe(true);
  }
  await groups.sitepair.must(...start);
  expect(await groups.siteOf('app')).toBe('recovery');
  expect((await groups.runsOf('app')).at(-1)).toBe('resume succeeded');
});
