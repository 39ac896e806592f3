/** A clock that is set back while a run goes on: the run hears all the same what is said to it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { applicationAt } from '../support/application-at.ts';
import { PlannedSites } from '../support/planned-sites.ts';

const hour = 3_600_000;

test('a run hears what is said to it when the clock has been set back meanwhile', async (context) => {
  const sites = await PlannedSites.protected(
    context,
    () => 'steps:\n  - {id: cut-off, before: failover, manual: Withdraw the exports.}\n',
  );
  const application = await applicationAt(sites.sitepair.home, context);
  const request = { operation: 'failover', group: 'erp', confirm: 'erp', attended: true } as const;
  const { runId } = await application.invoke('operations.start', request);
  await vi.waitFor(async () => {
    const { progress } = await application.invoke('runs.progress', { id: runId });
    expect(progress?.plan?.waiting?.step).toBe('cut-off');
  }, 20_000);
  context.onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - hour });
  await application.invoke('runs.answer', { id: runId, step: 'cut-off', answer: 'done', note: '' });
  const outcome = await Promise.race([
    application.invoke('operations.result', { runId }).then(({ run }) => run.outcome),
    sleep(10_000, 'not heard'),
  ]);
  vi.useRealTimers();
  expect(outcome).toBe('succeeded');
});
