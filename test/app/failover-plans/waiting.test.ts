/** How long a failover plan waits for a run that holds one of its groups, and what it looks at before it goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { untilFree } from '../../../src-main/app/failover-plans/held-group.ts';
import { thisProcess } from '../../../src-main/processes.ts';
import { sampleRun } from '../../catalog/sample-runs.ts';
import { applicationAt, carriedOut } from '../../support/application-at.ts';
import { knownPlanRun, runnerAt } from '../../support/plan-runner.ts';
import { SeveralGroups } from '../../support/several-groups.ts';

const minute = 60_000;

test('a group that stays held is given up after ten minutes, and not before', async (context) => {
  vi.useFakeTimers({ toFake: ['performance'] });
  context.onTestFinished(() => void vi.useRealTimers());
  const begun = performance.now();
  const holder = { run: sampleRun('cycle', { groupName: 'db' }), owner: thisProcess(), ownerAlive: true };
  const said: string[] = [];
  const unfinished = (): (typeof holder)[] => {
    vi.advanceTimersByTime(3 * minute);
    return [holder];
  };
  await untilFree(
    'db',
    { unfinished },
    () => false,
    (words) => said.push(words),
  );
  expect((performance.now() - begun) / minute).toBe(12);
  expect(said, 'it is said once').toEqual(['It waits for the run that holds it: sync.']);
});

test('a stop ends the wait', async () => {
  const holder = { run: sampleRun('cycle', { groupName: 'db' }), owner: thisProcess(), ownerAlive: true };
  let looks = 0;
  await untilFree(
    'db',
    { unfinished: () => [holder] },
    () => (looks += 1) > 2,
    () => undefined,
  );
  expect(looks).toBe(3);
});

test('where only what was begun is gone on with, nothing new begins in a group that stands otherwise by its turn', async (context) => {
  const groups = await SeveralGroups.protected(context, ['db', 'app'], 'priorities: {1: [db, app]}');
  const application = await applicationAt(groups.sitepair.home, context);
  const go = async (operation: 'failover' | 'undo', group: string): Promise<void> => {
    const { run } = await carriedOut(application, { operation, group, confirm: group });
    expect(run.outcome, run.error?.message).toBe('succeeded');
  };
  for (const name of ['db', 'app']) await go('failover', name);
  const runner = runnerAt(groups.sitepair.home, application, context, () => sleep(0));
  await go('undo', 'app');
  const run = await knownPlanRun(application, 'failover', 'db', 'app');
  runner.start(run, { attended: false, confirmed: false }, () => undefined);
  const { turns } = await runner.result(run.id);
  expect(turns.map(({ state, error }) => [state, error?.code])).toEqual([
    ['done', undefined],
    ['stopped', 'confirmation-missing'],
  ]);
  expect(await groups.siteOf('app')).toBe('primary');
});
