/** An operator gives a reason, fails over, and hands over the PDF: from the window to the file. */
import { mkdirSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';
import { TestWindow } from './test-window.ts';

test('the report of a failover that was confirmed with a reason', async (context) => {
  skipUnless(context, { commands: ['chromium', 'pdftotext'] });
  const sites = new TwoSites(context);
  await sites.protect();
  const folder = sites.path('evidence');
  mkdirSync(folder);
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/failover/erp');
  await window.press('Check prerequisites');
  await window.page.getByText('Nothing has been changed.').waitFor();
  for (const box of await window.page.getByRole('checkbox').all()) await box.check();
  await window.press('Review');
  await window.fill('Reason, for the report', 'Fire in Hall A');
  await window.fill("Type the group's name", 'erp');
  await window.page.getByRole('button', { name: /^Fail over/ }).click();
  await window.page.getByRole('heading', { name: / is done$/ }).waitFor({ timeout: 60_000 });
  const { runs } = await sites.sitepair.must('runs', 'erp', '--last', '1');
  await window.go(`#/runs/${runs?.[0]?.id ?? ''}`);
  await window.sees('Reason: Fire in Hall A');
  await window.press('Save report');
  await window.page.getByRole('textbox', { name: 'Folder' }).fill(folder);
  await window.expectAccessible('saving a report');
  await window.page.getByRole('button', { name: /^Save erp-failover-\d{4}-report/ }).click();
  await window.sees(/^Written to/);
  const [file = ''] = readdirSync(folder);
  expect(file).toMatch(/^erp-failover-\d{4}-report-\d{4}-\d\d-\d\d\.pdf$/);
  const text = run('pdftotext', `${folder}/${file}`, '-').replaceAll(/\s+/g, ' ');
  for (const said of ['Failover of erp: succeeded', 'Fire in Hall A', 'at Hall B (failed-over)']) {
    expect(text).toContain(said);
  }
  expect(window.complaints).toEqual([]);
});
