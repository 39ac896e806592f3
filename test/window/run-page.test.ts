/** The page of a run that has ended. */
import { expect, test } from 'vitest';
import { sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('what a run left to be known is still there', async () => {
  const report = {
    next: ['Go on with: sitepair verify erp-db --repair'],
    warnings: ['The other site could not be told.'],
    mismatches: [{ pairId: 'p1', offset: 4096, length: 1 << 20 }],
    mismatchesInAll: 250,
  };
  const run = sampleRun({ outcome: 'failed', report });
  gallery.application.answer('runs.show', () => ({ run }));
  await gallery.show('views/Run', { id: run.id });
  await gallery.sees('The other site could not be told.');
  const ranges = gallery.page.getByRole('region', { name: 'Ranges that differ' });
  await ranges.getByText('p1: 1.0 MiB at byte 4096').waitFor();
  await ranges.getByText('the first 1 of 250').waitFor();
  const next = gallery.page.getByRole('region', { name: 'What was to be done next' });
  expect(await next.getByRole('link').count()).toBe(1);
  await gallery.expectAccessible();
});
