/** An open window begins cycles by itself, says when, and takes what is wanted of them. */
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { openWindow, origin } from '../../src-main/hosts/chromium/window.ts';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** A window as its host opens it: with cycles by the clock. */
async function opened(context: TestContext, sites: TwoSites): Promise<TestWindow> {
  const { home } = sites.sitepair;
  const application = await createApplication({ home, operator: 'tester', clientName: 'chromium', schedules: true });
  const sizePixels = { width: 1280, height: 800 };
  const window = await openWindow({ program: '/usr/bin/chromium', application, headless: true, sizePixels });
  context.onTestFinished(async () => {
    await window.context.close();
    await window.closed;
    await application.close();
  });
  return new TestWindow({ page: window.page, address: `${origin}/` });
}

test('a cycle comes by itself, and its point', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect('--rpo', '15s');
  write(sites.source(), 0, 100_000);
  const window = await opened(context, sites);
  await window.go('#/groups/erp');
  await window.page.getByRole('button', { name: /^Point 1\.2/ }).waitFor({ timeout: 60_000 });
  await window.page.getByRole('img', { name: /^In the last 24 hours the point was/ }).waitFor();
  sites.expectMirrored();
  expect(window.complaints).toEqual([]);
});

test('what is wanted of cycles is set in the window, and the page says what comes of it', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect('--rpo', '10m');
  const window = await opened(context, sites);
  await window.go('#/groups/erp');
  await window.sees(/^The next cycle begins at .*, in \d+ min\.$/);
  await window.expectAccessible('a group');
  await window.go('#/settings');
  await window.sees(`Begun by this window (process ${process.pid})`);
  await window.fill('Command that is told', 'true');
  await window.press('Save the command');
  await window.sees('Saved');
  await window.expectAccessible('settings');
  await window.go('#/groups/erp/settings');
  await window.press('Add quiet hours');
  await window.expectAccessible('settings of a group');
  await window.page.getByRole('checkbox', { name: /^Begin cycles by the clock/ }).uncheck();
  await window.press('Save');
  await window.sees('Saved');
  await window.go('#/groups/erp');
  await window.sees('Cycles of this group are begun by hand.');
  const { policy } = await sites.sitepair.group('erp');
  const office = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', limitBytesPerSecond: null };
  expect(policy).toMatchObject({ scheduled: false, quietHours: [office] });
  expect(window.complaints).toEqual([]);
});
