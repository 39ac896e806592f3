/** What a failover plan decided for a group as it stood is not done to one that stands otherwise by then. */
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../../support/application-at.ts';
import { newPlanRun, runnerAt } from '../../support/plan-runner.ts';
import { SeveralGroups } from '../../support/several-groups.ts';

test('a group that somebody fails over just then is not led back', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db'], 'priorities: {1: [db]}');
  const application = await applicationAt(groups.sitepair.home, context);
  const runner = runnerAt(groups.sitepair.home, application, context, async (group) => {
    const { run } = await carriedOut(application, { operation: 'failover', group, confirm: group });
    expect(run.outcome, run.error?.message).toBe('succeeded');
    // A failover of what has failed over leads to where it came from, once that has what it needs.
    for (const operation of ['commit', 'reprotect'] as const) {
      expect((await carriedOut(application, { operation, group, confirm: group })).run.outcome).toBe('succeeded');
    }
  });
  const run = newPlanRun('failover', 'db');
  runner.start(run, { attended: false, confirmed: true }, () => undefined);
  const { turns } = await runner.result(run.id);
  expect(await groups.siteOf('db')).toBe('recovery');
  expect(turns[0]?.error?.message).toMatch(/^The group db has changed since this was confirmed/);
});
