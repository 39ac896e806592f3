/** What a screen reader says of what a press came to, and where the operator is then. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** What has the focus: its kind and its words. */
const focused = '`${document.activeElement.tagName} ${document.activeElement.innerText}`';

test('outcomes are said, and a link or a search leads to the begin of its page, by name', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  const { page } = window;
  const said = (text: string | RegExp): Promise<void> => page.getByRole('status').getByText(text).first().waitFor();
  const arrived = async (heading: string): Promise<void> => {
    await expect.poll(() => page.evaluate(focused)).toBe(`H1 ${heading}`);
    expect(await page.title()).toBe(`${heading} · Sitepair`);
  };
  await window.go('#/groups/erp');
  await window.press('Check now');
  await said(/checks passed/);
  await page.getByRole('main').getByRole('link', { name: 'Settings', exact: true }).focus();
  await page.keyboard.press('Enter');
  await arrived('Settings of erp');
  await window.fill('Points to keep', '23');
  await window.press('Save');
  await said('Saved');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(/Search groups/).fill('audit');
  await page.getByRole('option', { name: /^Audit/ }).waitFor();
  await page.keyboard.press('Enter');
  await arrived('Audit');
  await window.press('Verify the chain');
  await said(/Every entry agrees/);
  await window.go('#/do/failover/erp');
  await expect.poll(() => page.title()).toBe('Failover erp: What and which way · Sitepair');
  expect(window.complaints).toEqual([]);
});
