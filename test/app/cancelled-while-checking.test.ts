/** A run that is cancelled while its checks wait for a device is told as cancelled, and then is. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';

test('a commit that was cancelled does not happen after all', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 1 << 20));
  sites.pairs = [{ source: served.path, target: sites.target() }];
  await sites.protect();
  const accepted = ['--accept', 'production-stopped', '--accept', 'target-not-in-use'];
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp', ...accepted);
  const application = await applicationAt(sites.sitepair.home, context);
  const ends: string[] = [];
  application.subscribe('run.ended', ({ runId }) => ends.push(runId));
  served.freeze();
  const { runId } = await application.invoke('operations.start', { operation: 'commit', group: 'erp', confirm: 'erp' });
  await application.invoke('runs.cancel', { id: runId });
  const { run } = await application.invoke('operations.result', { runId });
  expect(run).toMatchObject({ outcome: 'cancelled', error: { code: 'volume-stalled' } });
  // The thread that was left behind comes to the end of the checks, and only then is it known what became of the run.
  const actions = async (): Promise<string[]> =>
    (await application.invoke('audit.list', { limit: 3 })).entries.map((entry) => entry.action);
  await expect.poll(actions, { timeout: 60_000 }).toContain('commit ended after all');
  const ended = await application.invoke('runs.show', { id: runId });
  expect(ended.run).toMatchObject({ outcome: 'cancelled', error: { code: 'cancelled' } });
  expect((await application.invoke('groups.show', { name: 'erp' })).group.phase).toBe('failed-over');
  expect(ends).toEqual([runId]);
  served.thaw();
});
