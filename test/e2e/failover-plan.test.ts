/** Several groups fail over from the window: written, reviewed, confirmed once, stopped at one group, gone on with. */
import { renameSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { SeveralGroups } from '../support/several-groups.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('a plan is written, held up by one group, resumed, and found done', async (context) => {
  skipUnless(context, needsOfWindows);
  const groups = new SeveralGroups(context);
  for (const name of ['db', 'crm', 'app']) await groups.protect(name);
  await groups.setStep('app', `test -e ${groups.path('mended')}`);
  renameSync(groups.volume('b', 'crm'), groups.path('gone'));
  await groups.sitepair.must('group', 'set', 'db', '--reason-required', 'on');

  const window = await TestWindow.open(context, groups.sitepair.home);
  const { page } = window;
  await window.go('#/plans');
  await window.sees('0 failover plans');
  await page.getByRole('link', { name: 'Write a plan' }).click();
  await window.fill('Name, typed to confirm', 'hall-a-lost');
  const text = page.getByLabel('Plan', { exact: true });
  await text.fill('priorities:\n  1: [db, db]\n');
  await window.sees('Line 2 of the plan: The group db stands at priority 1 already.');
  await window.expectAccessible('a plan that is wrong');
  await text.fill('priorities:\n  1: [db, crm]\n  2: [app]\n');
  await window.press('Save the plan');
  await page.getByRole('heading', { name: 'hall-a-lost' }).waitFor();
  await window.expectAccessible('a plan');

  await page.getByRole('link', { name: 'Fail over…', exact: true }).click();
  await window.sees('1 group of 3 could not begin now. Groups of later priorities would be held back.');
  const row = (name: string): ReturnType<typeof page.getByRole> =>
    page.getByRole('row').filter({ has: page.getByRole('cell', { name, exact: true }) });
  await row('db').getByText('can begin').waitFor();
  await row('crm').getByText('would be blocked').waitFor();
  await window.expectAccessible('the review of a plan');
  await window.press('Review and confirm');
  await window.sees('What production wrote after the point of each group is lost.');
  await window.fill("Type the plan's name", 'db');
  await page.getByRole('button', { name: /^Fail over.*not now: that is not the plan's name/ }).waitFor();
  await window.expectAccessible('the confirmation of a plan');
  await window.fill("Type the plan's name", 'hall-a-lost');
  await page.getByRole('button', { name: /^Fail over.*not now: say why it is done, in the field Reason/ }).waitFor();
  await window.fill('Reason, for the report (db wants one)', 'fire in Hall A');
  await window.press('Fail over');
  await page.getByRole('heading', { name: 'Failover of hall-a-lost has stopped' }).waitFor({ timeout: 60_000 });
  await row('db').getByText('through').waitFor();
  await row('crm').getByText('stopped').waitFor();
  await row('app').getByText('held back').waitFor();
  await window.expectAccessible('a plan that has stopped');
  expect(await groups.siteOf('db')).toBe('recovery');
  expect(await groups.siteOf('app')).toBe('primary');
  const { runs = [] } = await groups.sitepair.must('runs', 'db', '--last', '1');
  expect(runs[0]?.reason).toBe('fire in Hall A');

  renameSync(groups.path('gone'), groups.volume('b', 'crm'));
  await window.press('Close');
  await window.sees('Stopped: 1 of 3 groups through');
  await page.getByRole('link', { name: 'Resume', exact: true }).click();
  await window.sees('All groups can begin now');
  expect(await row('db').count(), 'what is through is not looked at again').toBe(0);
  await window.press('Review and confirm');
  await window.fill("Type the plan's name", 'hall-a-lost');
  await window.press('Resume');
  await row('app').getByText('waits for you').or(row('app').getByText('stopped')).waitFor({ timeout: 60_000 });
  writeFileSync(groups.path('mended'), '');
  await window.press('Close');
  await page.getByRole('link', { name: 'Resume', exact: true }).click();
  await window.sees('is gone on with');
  await window.press('Review and confirm');
  await window.fill("Type the plan's name", 'hall-a-lost');
  await window.press('Resume');
  await page.getByRole('heading', { name: 'Resume of hall-a-lost is done' }).waitFor({ timeout: 60_000 });
  expect(await groups.runsOf('db')).toEqual(['protect succeeded', 'failover succeeded']);
  expect(await groups.siteOf('app')).toBe('recovery');

  await window.press('Close');
  await window.sees('Done: 3 of 3 groups through');
  await page.getByRole('link', { name: 'Fail over…', exact: true }).click();
  await window.sees('Nothing is left to do');
  expect(window.complaints).toEqual([]);
});
