/** A forecast as the operator meets it: at the review, beside what the run came to, and in how good they have been. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('what is forecast at the review is there beside what the run came to, and counts for the next', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  writeFileSync(sites.source(), randomBytes(8 << 20));
  await sites.protect();
  write(sites.source(), 0, 3 << 20);
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/sync/erp');
  await window.press('Check prerequisites');
  await window.page.getByText('Nothing has been changed.').waitFor();
  for (const box of await window.page.getByRole('checkbox').all()) await box.check();
  await window.press('Review');
  const forecast = window.page.getByRole('region', { name: 'Forecast' });
  await forecast.getByText('3.0 MiB', { exact: true }).waitFor();
  await forecast.getByText(/^All \d+ chunks that hold data were looked at/).waitFor();
  await forecast.getByText(/No forecast of this group was held against a whole run yet/).waitFor();
  await window.expectAccessible('a review with its forecast');
  await window.press('Sync');
  await window.page.getByRole('heading', { name: 'Sync is done' }).waitFor();
  const held = window.page.getByRole('region', { name: 'Forecast and what it came to' });
  await held.getByRole('row', { name: 'Copied 3.0 MiB 3.0 MiB held' }).waitFor();
  await window.expectAccessible('a result with its forecast');
  await window.go('#/groups/erp');
  await window.sees(/^The last forecast held for the bytes, the undo space/);
  sites.expectMirrored();
  expect(window.complaints).toEqual([]);
});
