/** What a resume of a failover plan takes upon itself, and what it wants to be asked for. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openCatalog } from '../../src-main/catalog/database.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import { sampleRun } from '../catalog/sample-runs.ts';
import { SeveralGroups, start } from '../support/several-groups.ts';

const plan = 'priorities: {1: [db], 2: [app]}';
const resume = ['failover-plan', 'resume', 'lost', '--confirm', 'lost'];

test('what was accepted holds for that attempt: a resume passes nothing that its review shows as blocking', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], plan);
  for (const name of ['db', 'app']) await groups.sitepair.must('group', 'set', name, '--stopped-check', 'exit 3');
  const accept = ['--accept', 'db:production-stopped', '--accept', 'app:production-stopped'];
  renameSync(groups.volume('b', 'db'), groups.path('gone'));
  const words = ['failover-plan', 'run', 'lost', 'planned-failover', '--confirm', 'lost'];
  expect(groups.statesOf(await groups.sitepair.run(...words, ...accept))).toEqual({ db: 'stopped', app: 'held-back' });
  renameSync(groups.path('gone'), groups.volume('b', 'db'));

  const check = ['failover-plan', 'check', 'lost', '--for', 'resume'];
  expect((await groups.sitepair.run(...check)).report.review?.verdict).toBe('blocked');
  const again = await groups.sitepair.run(...resume);
  expect(again.exitCode, again.printed).toBe(3);
  expect(groups.statesOf(again)).toEqual({ db: 'stopped', app: 'held-back' });
  expect((await groups.sitepair.run(...check, ...accept)).exitCode).toBe(0);
  await groups.sitepair.must(...resume, ...accept);
  for (const name of ['db', 'app']) expect(await groups.siteOf(name)).toBe('recovery');
});

test('what is new wants the name of the plan, and a plan that was removed or changed is not gone on with', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], plan);
  renameSync(groups.volume('b', 'db'), groups.path('gone'));
  expect((await groups.sitepair.run(...start)).exitCode).toBe(3);
  renameSync(groups.path('gone'), groups.volume('b', 'db'));

  const refusals = async (exitCode: number, says: string, ...words: string[]): Promise<void> => {
    const { report, ...ended } = await groups.sitepair.run('failover-plan', 'resume', 'lost', ...words);
    expect([ended.exitCode, report.error?.message]).toEqual([exitCode, expect.stringContaining(says)]);
  };
  await refusals(2, 'begin failover anew in db, app');
  await refusals(2, '"db" is not the name', '--confirm', 'db');
  await groups.setPlan(`${plan}\non-failure: go-on`);
  await refusals(3, 'was changed', '--confirm', 'lost');
  await groups.sitepair.must('failover-plan', 'remove', 'lost');
  await refusals(2, 'no failover plan', '--confirm', 'lost');
  await groups.setPlan(plan);
  await groups.sitepair.must('group', 'remove', 'app', '--confirm', 'app');
  for (const site of ['a', 'b']) rmSync(groups.path(`${site}/store/app`), { recursive: true });
  await groups.protect('app', groups.path('b/another.img'));
  for (const name of ['db', 'app']) expect(await groups.siteOf(name)).toBe('primary');

  const stopped = await groups.sitepair.run(...resume);
  expect(groups.statesOf(stopped)).toEqual({ db: 'done', app: 'stopped' });
  expect(stopped.report.planRun?.turns[1]?.error?.message).toContain('Another group has the name app');
  expect(await groups.siteOf('app')).toBe('primary');
});

test('what only goes on with what was begun wants no name', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  await groups.setStep('db', `test -e ${groups.path('mended')}`);
  expect((await groups.sitepair.run(...start)).exitCode).toBe(5);
  writeFileSync(groups.path('mended'), '');
  await groups.sitepair.must('failover-plan', 'resume', 'lost');
  expect(await groups.siteOf('db')).toBe('recovery');
});

test('what stopped at a step is gone on with however many cycles came since', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  await groups.setStep('db', `${groups.noting('step')}; test -e ${groups.path('mended')}`);
  expect((await groups.sitepair.run(...start)).exitCode).toBe(5);
  const catalog = openCatalog(groups.sitepair.home);
  const runs = new Runs(catalog);
  for (let n = 0; n < 120; n += 1) {
    const startedAt = new Date().toISOString();
    runs.start(sampleRun(`cycle-${n}`, { groupName: 'db', startedAt, outcome: 'succeeded' }));
  }
  catalog.close();
  writeFileSync(groups.path('mended'), '');
  await groups.sitepair.must('failover-plan', 'resume', 'lost');
  expect((await groups.runsOf('db')).at(-1)).toBe('resume succeeded');
});

test('a group that was through and is back is found so, and is led over again only once that is confirmed', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], plan);
  renameSync(groups.volume('b', 'app'), groups.path('gone'));
  expect(groups.statesOf(await groups.sitepair.run(...start))).toEqual({ db: 'done', app: 'stopped' });
  renameSync(groups.path('gone'), groups.volume('b', 'app'));
  await groups.sitepair.must('failover', 'app', '--confirm', 'app');
  await groups.sitepair.must('undo', 'db', '--confirm', 'db');

  const { review } = await groups.sitepair.must('failover-plan', 'check', 'lost', '--for', 'resume');
  expect(review?.groups.map(({ group, does }) => `${group} ${does}`)).toEqual(['db begin', 'app nothing']);
  const unconfirmed = await groups.sitepair.run('failover-plan', 'resume', 'lost');
  expect(unconfirmed.report.error?.message).toContain('begin failover anew in db,');
  await groups.sitepair.must(...resume);
  expect(await groups.siteOf('db')).toBe('recovery');
});

test('a cycle that holds a group is waited for, and then its turn goes on', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  const [begun, free] = [groups.path('begun'), groups.path('free')];
  const hook = `touch ${begun}; until test -e ${free}; do sleep 0.1; done`;
  await groups.sitepair.must('group', 'set', 'db', '--before-cycle', hook);
  const cycle = groups.sitepair.start('sync', 'db');
  while (!existsSync(begun)) await sleep(20);
  const running = groups.sitepair.start('failover-plan', 'run', 'lost', 'planned-failover', '--confirm', 'lost');
  const until = ['waits for the run that holds it: sync', '"outcome":"stopped"'];
  for (let says = ''; !until.some((words) => says.includes(words));) {
    says = (await groups.sitepair.run('failover-plan', 'show', 'lost')).printed;
  }
  writeFileSync(free, '');
  expect((await cycle.ended).exitCode).toBe(0);
  const ended = await running.ended;
  expect(ended.exitCode, ended.printed).toBe(0);
  expect(await groups.siteOf('db')).toBe('recovery');
});
