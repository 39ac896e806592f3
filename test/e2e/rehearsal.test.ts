/** A failover is rehearsed in the window: a copy of a point is made, its result noted, and taken away again. */
import { existsSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('a point is copied, looked into, noted and cleaned up', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const held = sites.pairs.map(({ source }) => digestOf(source));
  write(sites.source(), 5000, 40_000);
  await sites.sitepair.must('sync', 'erp');
  mkdirSync(sites.path('tests'));
  const dir = sites.path('tests/rehearsal');

  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp');
  await window.sees('A failover was never rehearsed.');
  await window.page.getByRole('link', { name: 'Test failover' }).click();
  const check = window.page.getByRole('button', { name: 'Check prerequisites' });
  expect(await check.getAttribute('aria-disabled')).toBe('true');
  await window.page.getByRole('button', { name: /^Point 1\.1,/ }).click();
  await window.fill('Directory for the copies', dir);
  await window.sees(/ free there$/);
  await window.expectAccessible('what is copied, and where');
  await window.press('Check prerequisites');
  await window.sees(`${dir} is made for the copies; they take up to`);
  await window.press('Review');
  await window.sees(/^Will be made: .*pair-1-one\.img \(new, /);
  await window.sees(/replication goes on/);
  expect(await window.page.getByLabel(/Type the group's name/).count()).toBe(0);
  await window.press('Make the copy');
  await window.page.getByRole('heading', { name: 'Test failover is done' }).waitFor();
  await window.sees(/losetup --find --show --partscan/);
  expect([`${dir}/pair-1-one.img`, `${dir}/pair-2-two.img`].map(digestOf)).toEqual(held);
  await window.expectAccessible('the copy is made');
  await window.fill('What was tried, and what was found', 'starts in four minutes');
  await window.press('It passed');
  await window.sees('Noted as passed');
  expect((await sites.sitepair.group('erp')).lastTest).toMatchObject({
    pointId: '1.1',
    result: 'passed',
    note: 'starts in four minutes',
  });
  await window.press('Close');
  await window.sees(/^Rehearsed /);
  await window.sees(/noted as passed/);
  const again = window.page.getByRole('button', { name: /^Test failover ?, not now: the copies of the last test/ });
  expect(await again.getAttribute('aria-disabled')).toBe('true');
  await window.expectAccessible('a group whose test is to be cleaned up');
  await window.page.getByRole('link', { name: 'Clean up the test' }).click();
  await window.finish('erp', 'Remove the copies');
  expect(existsSync(dir)).toBe(false);
  await window.press('Close');
  await window.page.getByRole('link', { name: 'Test failover' }).waitFor();
  expect(await window.page.getByRole('link', { name: 'Clean up the test' }).count()).toBe(0);
  await window.sees('starts in four minutes');
  expect(window.complaints).toEqual([]);
});
