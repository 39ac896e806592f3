/** Both sides were written: from the group's page they are compared, one is saved, and the choice leads on. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { chunkBytes } from '../support/sides-apart.ts';
import { bringBack, confirmed, lose } from '../support/site-states.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('both sides are compared, what one holds of its own is saved, and a side is kept', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  lose(sites, 'a');
  await confirmed(sites, ['failover']);
  bringBack(sites, 'a');
  write(sites.source(0), 0, 2 * chunkBytes);
  write(sites.target(0), 3 * chunkBytes, chunkBytes);

  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp');
  await window.page.getByRole('link', { name: 'Compare both sides', exact: true }).click();
  await window.page.getByRole('checkbox', { name: 'Save the chunks of one side that differ to a file' }).check();
  expect(await window.page.getByRole('radio', { name: 'Hall A' }).isChecked()).toBe(true);
  await window.page.getByRole('textbox', { name: 'Folder for the file' }).fill(sites.scratch.dir);
  await window.expectAccessible('what a comparison is asked');
  await window.finish('erp', 'Compare');
  await window.page.getByRole('row', { name: 'Changed only at Hall A 2 32.0 KiB' }).waitFor();
  await window.page.getByRole('row', { name: 'Changed only at Hall B 1 16.0 KiB' }).waitFor();
  const map = window.page.getByRole('img', { name: 'Chunks at Hall A: 17 unchanged, 2 changed only here' });
  await map.waitFor();
  expect(existsSync(sites.path('erp-hall-a.salvage'))).toBe(true);
  await window.expectAccessible('what a comparison found');

  const keep = window.page.getByRole('region', { name: 'To keep Hall A' });
  await keep.getByRole('link', { name: 'Undo' }).click();
  await window.page.getByRole('heading', { name: /^Undo (failover|reprotect) erp$/ }).waitFor();
  await window.go('#/runs');
  await window.page.getByRole('row').filter({ hasText: 'Compare both sides' }).getByRole('link').first().click();
  await map.waitFor();
  expect(window.complaints).toEqual([]);
});
