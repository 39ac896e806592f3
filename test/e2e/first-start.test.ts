/** A new user's way: from the empty window to two volumes protected, taken over and back; cmp has the last word. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Installation } from '../support/installation.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('from nothing to protected, over and back, through the wizards', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  const window = await TestWindow.open(context, sites.path('home'));
  await window.sees('Nothing is protected yet');
  await window.expectAccessible('first start');

  await window.page.getByRole('link', { name: 'Protect volumes' }).click();
  await window.fill('Name of the group', 'erp');
  await window.fill('Primary site', 'Hall A');
  await window.fill('Recovery site', 'Hall B');
  await window.press('Next');
  await window.press('Browse for Volume at Hall A');
  await window.page.getByRole('dialog').waitFor();
  await window.expectAccessible('the path browser');
  await window.page.keyboard.press('Escape');
  await window.page.getByRole('dialog').waitFor({ state: 'detached' });
  await window.press('Add a pair');
  for (const [n, { source, target }] of sites.pairs.entries()) {
    await window.fill('Volume at Hall A', source, n);
    await window.fill('Counterpart at Hall B', target, n);
  }
  await window.expectAccessible('volumes of a new group');
  await window.press('Next');
  await window.fill('Store at Hall A', sites.primaryStore);
  await window.fill('Store at Hall B', sites.recoveryStore);
  await window.page.getByText('Limit, chunk size and commands').click();
  await window.page.getByLabel('Chunk size').selectOption('65536');
  await window.fill('Limit, MiB a second', 'much');
  await window.sees('The limit must be a number above 0, or empty.');
  await window.expectAccessible('the policy of a new group');
  await window.fill('Limit, MiB a second', '500');
  await window.press('Next');
  await window.sees('Nothing is written to any volume yet');
  await window.sees('chunks of 64.0 KiB');
  await expect.poll(() => window.page.getByText('free there').count()).toBe(4);
  await window.press('Make the group');
  await window.sees('Check prerequisites');
  await window.carryOut('protect', 'erp', 'Protect');
  await window.expectAccessible('the result of a run');
  const { policy } = await new Installation(sites.path('home')).group('erp');
  expect(policy).toMatchObject({ chunkSizeBytes: 65_536, limitBytesPerSecond: 500 * 2 ** 20 });
  sites.expectMirrored();

  write(sites.source(), 5000, 40_000);
  await window.carryOut('sync', 'erp', 'Sync');
  sites.expectMirrored();
  await window.carryOut('failover', 'erp', 'Fail over to Hall B');
  await window.sees(/Start production at Hall B/);
  write(sites.target(1), 100_000, 30_000);
  await window.carryOut('commit', 'erp', 'Commit');
  await window.carryOut('reprotect', 'erp', 'Reprotect');
  sites.expectMirrored();
  await window.carryOut('failback', 'erp', 'Fail back to Hall A');
  sites.expectMirrored();
  await window.go('#/groups/erp');
  await window.sees('Failed over, not committed');
  expect(window.complaints).toEqual([]);
});

test('all pages can be used by everybody', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  const pages = {
    overview: 'has to be checked again',
    groups: '1 group',
    'groups/erp': 'Recovery points',
    volumes: 'File system',
  };
  const more = {
    runs: 'Nothing runs',
    audit: 'Audit',
    settings: 'This installation',
    'do/failover/erp': 'Recovery point',
    'do/reprotect/erp': 'Old volumes did not survive',
    'groups/erp/settings': 'Points to keep',
    adopt: 'Bring a group in from its store',
  };
  for (const [address, text] of Object.entries({ ...pages, ...more })) {
    await window.go(`#/${address}`);
    await window.sees(new RegExp(text));
    await window.expectAccessible(address);
  }
  await window.go('#/do/failover/erp');
  await window.press('Check prerequisites');
  await window.sees('Nothing has been changed.');
  await window.expectAccessible('prerequisites');
});

test('settings are changed, a point is looked at and dropped, and a group goes and comes back from its store', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  write(sites.source(), 5000, 40_000);
  await sites.sitepair.must('sync', 'erp');
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp/settings');
  await window.fill('Points to keep', '0');
  await window.sees('must be a number above 0');
  await window.fill('Points to keep', '7');
  await window.press('Save');
  await window.sees('Saved');
  expect((await sites.sitepair.group('erp')).policy.keepPoints).toBe(7);

  await window.go('#/groups/erp');
  await window.press('Check now');
  await window.sees(/Failover to Hall B: ready/);
  await window.page.getByRole('button', { name: /^Point 1\.1,/ }).click();
  await window.page.getByRole('link', { name: 'Drop it' }).click();
  await window.finish('erp', 'Drop the point');
  expect((await sites.sitepair.group('erp')).points.map((point) => point.id)).toEqual(['1.2']);

  await window.go('#/groups/erp/settings');
  await window.fill("Type the group's name, erp", 'erp', 0);
  await window.press('Remove');
  await window.sees('0 groups');
  await window.go('#/adopt');
  await window.fill('Store', sites.recoveryStore, 0);
  await window.press('Bring it in');
  await window.sees('erp is here');
  expect((await sites.sitepair.group('erp')).points.map((point) => point.id)).toEqual(['1.2']);
  expect(window.complaints).toEqual([]);
});

test('diagnostics are copied by one button, and shown', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/settings');
  await window.press('Copy diagnostics');
  await window.page.getByText('Copied', { exact: true }).waitFor();
  const text = await window.page.getByRole('textbox', { name: 'Diagnostics' }).inputValue();
  expect(text).toContain('erp: protected');
  await window.expectAccessible('diagnostics');
  await window.go('#/adopt');
  await window.page.getByRole('textbox', { name: 'Store' }).first().focus();
  await window.page.keyboard.press('Control+V');
  const pasted = await window.page.getByRole('textbox', { name: 'Store' }).first().inputValue();
  expect(pasted.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  expect(window.complaints).toEqual([]);
});

test('a prerequisite that blocks is told, mended and looked at again alone', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const [{ target } = { target: '' }] = sites.pairs;
  sites.scratch.sparseFile('b/one.img', 1 << 20);
  write(target, 0, 100);
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/protect/erp');
  await window.press('Check prerequisites');
  await window.sees('1 check blocks going on');
  expect(await window.page.getByRole('button', { name: 'Review' }).getAttribute('aria-disabled')).toBe('true');
  rmSync(target);
  await window.page.getByRole('button', { name: 'Check again' }).first().click();
  await window.sees(/want(s)? your word|passed\. Nothing/);
  await window.page.getByText('check blocks going on').waitFor({ state: 'detached' });
});

test('what the command line does is seen in the open window', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.press('Check it now');
  await window.sees('The group can fail over now');
  const { exitCode } = await sites.sitepair.start('failover', 'erp', '--confirm', 'erp').ended;
  expect(exitCode).toBe(0);
  await window.sees('The group cannot fail over now');
  await window.sees('broken at failover');
});
