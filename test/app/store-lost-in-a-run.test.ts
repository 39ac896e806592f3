/** A store that goes away in the middle of a cycle: the run failed, and was not "blocked; nothing was changed". */
import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';

test('a run that wrote before it lost its store failed, and goes on when the store is back', async (context) => {
  const sites = new TwoSites(context);
  sites.pairs = sites.pairs.slice(0, 1);
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.protect();
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '3M/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const writes = Promise.withResolvers<undefined>();
  application.subscribe('run.progress', ({ pairs }) => {
    if ((pairs[0]?.bytesWritten ?? 0) > 0) writes.resolve(undefined);
  });
  const started = await application.invoke('operations.start', { operation: 'sync', group: sites.name });
  await writes.promise;
  const folder = sites.folder(sites.recoveryStore);
  renameSync(folder, `${folder}.away`);
  const { run } = await application.invoke('operations.result', started);
  renameSync(`${folder}.away`, folder);
  expect([run.outcome, run.error?.code]).toEqual(['failed', 'store-unread']);
  expect(run.bytesWritten).toBeGreaterThan(0);

  await sites.sitepair.must('group', 'set', sites.name, '--limit', 'none');
  await sites.sitepair.must('resume', sites.name);
  sites.expectMirrored();
});
