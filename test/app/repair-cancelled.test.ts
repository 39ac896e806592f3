/** A repair that is cancelled ends between two chunks, and the next one mends the rest. */
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { applicationAt } from '../support/application-at.ts';
import { needsOfServing, ServedVolume } from '../support/served-volume.ts';
import { groupIn } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';

const chunk = 256 << 10;
const chunks = 24;

test('a repair that is cancelled while the source hangs mends no more, and the next one does', async (context) => {
  skipUnless(context, needsOfServing);
  const sites = new TwoSites(context);
  writeFileSync(sites.path('a/served.img'), randomBytes(chunks * chunk));
  const source = await ServedVolume.of(sites.scratch, sites.path('a/served.img'));
  sites.pairs = [{ source: source.path, target: sites.target() }];
  await sites.protect();
  for (let n = 0; n < chunks; n += 1) write(sites.target(), n * chunk + 5000, 100);
  // So slow that the source hangs by the time that it is asked for anything.
  await sites.sitepair.must('group', 'set', sites.name, '--limit', '3M/s');
  const application = await applicationAt(sites.sitepair.home, context);
  const reading = Promise.withResolvers<undefined>();
  const mending = Promise.withResolvers<undefined>();
  application.subscribe('run.progress', ({ step }) => {
    if (step.startsWith('Reading')) reading.resolve(undefined);
    if (step.startsWith('Mending')) mending.resolve(undefined);
  });
  const started = await application.invoke('operations.start', {
    operation: 'verify',
    group: sites.name,
    repair: true,
  });
  await reading.promise;
  await source.hang();
  await mending.promise;
  await application.invoke('runs.cancel', { id: started.runId });
  await source.answer();
  const { run } = await application.invoke('operations.result', started);
  expect(run.outcome).toBe('cancelled');
  expect(run.bytesWritten).toBeLessThan(chunks * 4096);
  const { health } = await groupIn(sites, 'protected');
  expect(health.reasons.join()).toMatch(/differ from its point, or may/);

  await sites.sitepair.must('verify', sites.name, '--repair');
  expect(statSync(sites.target()).size).toBe(chunks * chunk);
  sites.expectMirrored();
});
