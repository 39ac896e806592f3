/** What the window tells of by itself. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('a run that failed elsewhere is told until it is closed, takes no focus, and is kept in the list', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  const news = window.page.getByRole('region', { name: 'News' });
  await window.sees('The group has to be checked again');
  await window.page.getByRole('link', { name: 'Protect volumes' }).focus();
  write(sites.target(), 100, 10);
  expect((await sites.sitepair.run('verify', 'erp')).exitCode).toBe(1);
  await news.getByRole('link', { name: 'Verify of erp failed' }).waitFor();
  expect(await window.page.evaluate('document.activeElement.textContent')).toBe('Protect volumes');
  await window.expectAccessible('a notice');

  const bell = window.page.getByRole('button', { name: /^Notifications, \d new$/ });
  await bell.click();
  const list = window.page.getByRole('dialog', { name: 'Notifications' });
  await list.getByRole('link', { name: 'Verify of erp failed' }).waitFor();
  await window.expectAccessible('the list of notifications');
  await window.page.keyboard.press('Escape');
  await window.page.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  await news.getByRole('button', { name: 'Close: Verify of erp failed' }).click();
  await news.getByRole('link', { name: 'Verify of erp failed' }).waitFor({ state: 'detached' });

  await window.page.getByRole('button', { name: 'Notifications', exact: true }).click();
  await list.getByRole('link', { name: 'Verify of erp failed' }).click();
  await window.page.getByRole('heading', { name: 'Verify of erp' }).waitFor();
  expect(window.complaints).toEqual([]);
});

test('what the operator sees in an open wizard is not told a second time', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.carryOut('sync', 'erp', 'Sync');
  const { exitCode } = await sites.sitepair.run('commit', 'erp', '--confirm', 'erp');
  expect(exitCode).toBe(3);
  const news = window.page.getByRole('region', { name: 'News' });
  await window.go('#/overview');
  // The one that comes later is there: the other one would be as well.
  await news.getByRole('link', { name: 'Commit of erp was blocked' }).waitFor();
  expect(await news.getByRole('link', { name: 'Sync of erp is done' }).count()).toBe(0);
  // Nothing covers a wizard.
  await window.go('#/do/sync/erp');
  await news.getByRole('link').waitFor({ state: 'detached' });
  await window.go('#/overview');
  await window.page.getByRole('button', { name: /^Notifications/ }).click();
  await window.page.getByRole('dialog', { name: 'Notifications' }).getByText('Sync of erp is done').waitFor();
});
