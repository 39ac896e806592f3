/** Windows beside each other: what is done in one is seen in the others, without anybody asking for it. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { OtherWindow } from './other-window.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('two windows of one application show the same run, and what it led to', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect('--limit', '100K/s');
  write(sites.source(), 0, 300_000);
  const one = await TestWindow.open(context, sites.sitepair.home);
  const two = await TestWindow.open(context, sites.sitepair.home, one.application);
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
  await two.press('Cancel');
  await one.page.getByRole('heading', { name: 'Sync was cancelled' }).waitFor();
  await two.sees(/cancelled after/);
  await one.application.invoke('groups.set', { name: 'erp', policy: { limitBytesPerSecond: null }, paths: [] });
  await two.go('#/overview');
  await two.page.getByRole('region', { name: 'Cut off: erp' }).waitFor();
  await one.carryOut('resume', 'erp', 'Resume');
  await two.page.getByRole('region', { name: 'Cut off: erp' }).waitFor({ state: 'detached' });
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
  await there.do('sees', 'Sync now');
  await there.do('go', '#/runs');
  await there.do('sees', '1 run goes on');
  await here.press('Cancel');
  await here.page.getByRole('heading', { name: 'Sync was cancelled' }).waitFor();
  await there.do('sees', 'Nothing runs');
  await there.do('go', '#/overview');
  await there.do('sees', 'cycle interrupted, and nothing runs');

  await here.go('#/groups/erp');
  await here.sees('Cycle interrupted');
  await there.do('go', '#/do/rollback/erp');
  await there.do('press', 'Check prerequisites');
  await there.do('sees', 'Nothing has been changed\\.');
  await there.do('acknowledge');
  await there.do('press', 'Review');
  await there.do('press', 'Roll back');
  await there.do('sees', 'Roll back is done');
  await here.page.getByText('Cycle interrupted').waitFor({ state: 'detached' });
  await here.sees('Protected');
  expect(here.complaints).toEqual([]);
});
