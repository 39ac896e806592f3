/** A window that is left open for months does not keep what every run came to. */
import { expect, test } from 'vitest';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';

test('of runs that have ended the newest are answered for; all of them are in the catalog', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const ids: string[] = [];
  for (let n = 0; n < 101; n += 1) {
    const { run } = await carriedOut(application, { operation: 'sync', group: 'erp' });
    expect(run.outcome).toBe('blocked');
    ids.push(run.id);
  }
  const [oldest = '', next = ''] = ids;
  await expect(application.invoke('operations.result', { runId: oldest })).rejects.toMatchObject({
    report: { code: 'run-unknown' },
  });
  expect((await application.invoke('operations.result', { runId: next })).run.id).toBe(next);
  expect((await application.invoke('runs.show', { id: oldest })).run.outcome).toBe('blocked');
});
