/** What a failover plan decided, or was given, for a group as it stood is not for one that stands otherwise by then. */
import { expect, test } from 'vitest';
import type { OperationRequest } from '../../../src-main/contract/runs.ts';
import { applicationAt, carriedOut } from '../../support/application-at.ts';
import { killed, recoveryRecord } from '../../support/kills.ts';
import { knownPlanRun, runnerAt } from '../../support/plan-runner.ts';
import { SeveralGroups } from '../../support/several-groups.ts';

test('a group that somebody fails over just then is not led back', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  const application = await applicationAt(groups.sitepair.home, context);
  const runner = runnerAt(groups.sitepair.home, application, context, async ({ group }) => {
    const { run } = await carriedOut(application, { operation: 'failover', group, confirm: group });
    expect(run.outcome, run.error?.message).toBe('succeeded');
    // A failover of what has failed over leads to where it came from, once that has what it needs.
    for (const operation of ['commit', 'reprotect'] as const) {
      expect((await carriedOut(application, { operation, group, confirm: group })).run.outcome).toBe('succeeded');
    }
  });
  const run = await knownPlanRun(application, 'failover', 'db');
  runner.start(run, { attended: false, confirmed: true }, () => undefined);
  const { turns } = await runner.result(run.id);
  expect(await groups.siteOf('db')).toBe('recovery');
  expect(turns[0]?.error?.message).toMatch(/^The group db has changed since this was confirmed/);
});

test('of what is accepted of a failover only what a look at a resume shows goes along with one', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  for (let nth = 1; (await groups.sitepair.group('db')).phase !== 'failing-over'; nth += 1) {
    expect(await killed(groups, { files: recoveryRecord, nth }, 'failover', 'db', '--confirm', 'db')).toBe(true);
  }
  const application = await applicationAt(groups.sitepair.home, context);
  const given: OperationRequest[] = [];
  const runner = runnerAt(groups.sitepair.home, application, context, (request) => {
    given.push(request);
    return Promise.resolve();
  });
  const run = await knownPlanRun(application, 'failover', 'db');
  for (const turn of run.turns) turn.accept = ['replica-intact', 'volumes-recognized'];
  runner.start(run, { attended: false, confirmed: true }, () => undefined);
  expect((await runner.result(run.id)).outcome).toBe('succeeded');
  expect(given.map(({ operation, accept }) => [operation, accept])).toEqual([['resume', ['volumes-recognized']]]);
});
