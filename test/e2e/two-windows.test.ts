/** Windows beside each other: what is done in one is seen in the others, without anybody asking for it. */
import { expect, test, type TestContext } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import { openWindow, origin } from '../../src-main/hosts/chromium/window.ts';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { OtherWindow } from './other-window.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

/** One more window of an application; it is closed when the test ends, before what was made earlier. */
async function windowOf(application: Application, context: TestContext): Promise<TestWindow> {
  const sizePixels = { width: 1280, height: 800 };
  const opened = await openWindow({ program: '/usr/bin/chromium', application, headless: true, sizePixels });
  context.onTestFinished(async () => {
    await opened.context.close();
    await opened.closed;
  });
  return new TestWindow({ page: opened.page, address: `${origin}/` });
}

test('two windows of one application show the same run, and what it led to', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect('--limit', '100K/s');
  write(sites.source(), 0, 300_000);
  const application = await createApplication({
    home: sites.sitepair.home,
    operator: 'tester',
    clientName: 'chromium',
  });
  context.onTestFinished(() => application.close());
  const one = await windowOf(application, context);
  const two = await windowOf(application, context);
  await two.sees('Nothing runs.');
  await one.go('#/do/sync/erp');
  await one.start('erp', 'Sync');
  await two.page.getByRole('link', { name: 'erp' }).nth(1).click();
  await two.sees(/of holes skipped/);
  await two.page.getByRole('img', { name: /^Chunks:/ }).waitFor();
  await two.press('Pause');
  await one.sees('paused');
  await one.press('Go on');
  await two.page.getByText('paused').waitFor({ state: 'detached' });
  await two.press('Stop the run…');
  await two.press('Stop it');
  await one.page.getByRole('heading', { name: 'Sync was stopped' }).waitFor();
  await two.sees(/stopped after/);
  await sites.sitepair.must('group', 'set', 'erp', '--limit', '1G/s');
  await two.go('#/overview');
  await two.page.getByRole('region', { name: 'Cut off: erp' }).waitFor();
  // What was changed since it was looked at is looked at again: this window is to know of it before.
  await one.page.reload();
  await one.carryOut('resume', 'erp', 'Resume');
  await two.page.getByRole('region', { name: 'Cut off: erp' }).waitFor({ state: 'detached' });
  await two.sees('The group has to be checked again');
  // What one window has proved the other one shows.
  await one.go('#/overview');
  await one.press('Check it now');
  await two.sees('The group can fail over now');
  sites.expectMirrored();
  expect([...one.complaints, ...two.complaints]).toEqual([]);
});

test('windows of two processes on one catalog see what each other did', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect('--limit', '100K/s');
  write(sites.source(), 0, 300_000);
  const here = await TestWindow.open(context, sites.sitepair.home);
  const there = await OtherWindow.open(sites.scratch, sites.sitepair.home);
  await there.do('sees', 'Nothing runs\\.');
  await here.go('#/do/sync/erp');
  await here.start('erp', 'Sync');
  await there.do('sees', '^Sync$');
  await there.do('go', '#/runs');
  await there.do('sees', '1 run goes on');
  // One that is cancelled while it checks has opened no cycle.
  await expect.poll(async () => (await sites.sitepair.group('erp')).phase).toBe('syncing');
  await here.press('Stop the run…');
  await here.press('Stop it');
  await here.page.getByRole('heading', { name: 'Sync was stopped' }).waitFor();
  await there.do('sees', 'Nothing runs');
  await there.do('go', '#/overview');
  await there.do('sees', 'A cycle from Hall A to Hall B was cut off');

  await here.go('#/groups/erp');
  await here.sees('Cycle interrupted');
  await there.do('go', '#/do/rollback/erp');
  await there.do('press', 'Check prerequisites');
  await there.do('sees', 'Nothing has been changed\\.');
  await there.do('acknowledge');
  await there.do('press', 'Review');
  await there.do('press', 'Roll back');
  await there.do('sees', 'Rollback is done');
  await here.page.getByText('Cycle interrupted', { exact: true }).waitFor({ state: 'detached' });
  await here.sees('Protected');
  expect(here.complaints).toEqual([]);
});
