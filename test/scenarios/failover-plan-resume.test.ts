/** What a resume of a failover plan takes upon itself, and what it wants to be asked for. */
import { renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SeveralGroups } from '../support/several-groups.ts';

const plan = 'priorities: {1: [db], 2: [app]}';
const resume = ['failover-plan', 'resume', 'lost'];

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
