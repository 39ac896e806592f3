/** The search, from the keyboard alone. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('groups, volumes, runs, pages and operations are found and gone to without a mouse', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  const { keyboard } = window.page;
  await window.sees('has to be checked again');
  const field = window.page.getByRole('combobox', { name: 'Search' });
  /** Opens the search, types, waits for what must be chosen, and goes there. */
  const goTo = async (words: string, chosen: RegExp): Promise<void> => {
    await keyboard.press('Control+k');
    await field.waitFor();
    await keyboard.type(words);
    await window.page.getByRole('option', { name: chosen, selected: true }).waitFor();
    await keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
  };

  await goTo('settings', /^Settings/);
  await window.sees('This installation');
  await goTo('failover erp', /^Failover erp opens the wizard/);
  await window.sees('What and which way');
  await goTo('commit erp', /^Commit erp not now: /);
  await window.sees('Recovery points');
  await goTo('two.img', /two\.img volume of erp at Hall A/);
  await window.sees('Recovery points');
  await goTo('protect succeeded', /^Protect of erp run of/);
  await window.sees('Holes skipped');

  await keyboard.press('Control+k');
  await keyboard.type('erp');
  await window.page.getByRole('option', { name: /^Protect of erp run of/ }).waitFor();
  await window.expectAccessible('what is found');
  const first = await window.page.getByRole('option', { selected: true }).textContent();
  await keyboard.press('ArrowDown');
  await window.page.getByRole('option', { selected: true }).waitFor();
  expect(await window.page.getByRole('option', { selected: true }).textContent()).not.toBe(first);
  await keyboard.press('Control+a');
  await keyboard.type('nothing of that name');
  await window.sees('Nothing is found for');
  await window.expectAccessible('nothing is found');
  await keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  expect(window.complaints).toEqual([]);
});

test('in a wizard the search is closed by Escape, and the wizard stays', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/failover/erp');
  await window.sees('What and which way');
  await window.page.keyboard.press('Control+k');
  const field = window.page.getByRole('combobox', { name: 'Search' });
  await field.waitFor();
  await window.page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  await window.sees('What and which way');
  expect(window.page.url()).toContain('#/do/failover/erp');
});
