/** The page of a run, mostly of one that has ended. */
import { expect, test } from 'vitest';
import { sampleCheck, sampleProgress, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('what a run left to be known is still there', async () => {
  const report = {
    next: ['Go on with: sitepair verify erp-db --repair'],
    warnings: ['The other site could not be told.'],
    mismatches: [{ pairId: 'p1', offset: 4096, length: 1 << 20 }],
    mismatchesInAll: 250,
    checks: [
      sampleCheck({ id: 'replica-intact', found: '1 chunk differs.', acceptable: true, accepted: true }),
      sampleCheck({ id: 'undo-space', found: 'The store has 2 GiB.', acceptable: false }),
    ],
  };
  const run = sampleRun({ outcome: 'failed', report });
  gallery.application.answer('runs.show', () => ({ run }));
  await gallery.show('views/Run', { id: run.id });
  await gallery.sees('The other site could not be told.');
  const ranges = gallery.page.getByRole('region', { name: 'Ranges that differ' });
  await ranges.getByText('p1: 1.0 MiB at byte 4096').waitFor();
  await ranges.getByText('the first 1 of 250').waitFor();
  await gallery.sees('1 chunk differs.');
  await gallery.sees('The store has 2 GiB.');
  expect(await gallery.page.getByText('Accepted by the operator').count()).toBe(1);
  const next = gallery.page.getByRole('region', { name: 'What was to be done next' });
  expect(await next.getByRole('link').count()).toBe(1);
  await gallery.expectAccessible();
});

test('what an older run advised leads to no operation: it would do something else now', async () => {
  const next = ['To take it back: sitepair undo erp-db --confirm erp-db', 'See: sitepair group show erp-db'];
  const run = sampleRun({ report: { next, warnings: [], mismatches: [], mismatchesInAll: 0 } });
  gallery.application
    .answer('runs.show', () => ({ run }))
    .answer('runs.list', () => ({ runs: [sampleRun({ id: '01JTESTRUN0000000000000002' }), run] }));
  await gallery.show('views/Run', { id: run.id });
  await gallery.sees('The group has had other runs since: its page says what it wants now.');
  await gallery.sees('To take it back: Undo erp-db');
  const links = gallery.page.getByRole('region', { name: 'What was to be done next' }).getByRole('link');
  expect(await links.allInnerTexts()).toEqual(['the page of erp-db']);
});

test('the keyboard goes on at the headline when the run ends under it', async () => {
  let run = sampleRun({ outcome: null });
  gallery.application.answer('runs.show', () => ({ run }));
  await gallery.show('views/Run', { id: run.id });
  gallery.application.push('run.progress', sampleProgress({ runId: run.id }));
  await gallery.page.getByRole('button', { name: 'Pause' }).focus();
  run = sampleRun();
  gallery.application.push('state.changed', {});
  await expect.poll(() => gallery.page.locator(':focus').innerText()).toMatch(/of erp-db$/);
});
