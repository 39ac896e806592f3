/** FAULTS, row 12, for the side that is written: it is said which volume does not answer; the run goes on after. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { TwoSites } from '../support/two-sites.ts';

test('a replica that hangs in a cycle is named, and not its source', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  const served = await ServedVolume.of(sites.scratch, sites.scratch.sparseFile('served.img', 16 << 20));
  sites.pairs = [{ source: sites.source(), target: served.path }];
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.protect();
  writeFileSync(sites.source(), randomBytes(16 << 20));
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '4M/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const writes = Promise.withResolvers<undefined>();
  const stalled = Promise.withResolvers<string | undefined>();
  application.subscribe('run.progress', ({ pairs, state, stalledVolume }) => {
    if ((pairs[0]?.bytesWritten ?? 0) > 0) writes.resolve(undefined);
    if (state === 'stalled') stalled.resolve(stalledVolume);
  });
  const started = await application.invoke('operations.start', { operation: 'sync', group: sites.name });
  await writes.promise;
  await served.hang();
  expect(await stalled.promise).toBe(served.path);
  await served.answer();
  const { run } = await application.invoke('operations.result', started);
  expect(run.outcome).toBe('succeeded');
  sites.expectMirrored();
});
