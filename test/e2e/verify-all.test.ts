/** Verifying all groups from the window. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { Installation } from '../support/installation.ts';
import { write } from '../support/two-sites.ts';
import { Scratch } from '../volumes/scratch.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('all groups are verified, one is mended, and it is said why another cannot be', async (context) => {
  skipUnless(context, needsOfWindows);
  const scratch = new Scratch(context);
  const sitepair = new Installation(scratch.path('home'));
  for (const site of ['a', 'b']) mkdirSync(scratch.path(site));
  for (const name of ['erp', 'mail', 'new']) {
    const [source, target] = [scratch.path(`a/${name}.img`), scratch.path(`b/${name}.img`)];
    writeFileSync(source, randomBytes(300_000));
    const stores = ['--primary-store', scratch.path('a/store'), '--recovery-store', scratch.path('b/store')];
    const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
    await sitepair.must('group', 'create', name, ...names, '--pair', `${source}::${target}`, ...stores);
    if (name !== 'new') await sitepair.must('protect', name);
  }
  write(scratch.path('b/mail.img'), 1000, 10);

  const window = await TestWindow.open(context, sitepair.home);
  await window.go('#/groups');
  await window.page.getByRole('link', { name: 'Verify all' }).click();
  await window.page.getByRole('heading', { name: '2 groups can be verified' }).waitFor();
  const row = (name: string): ReturnType<typeof window.page.getByRole> =>
    window.page.getByRole('row').filter({ has: window.page.getByRole('link', { name, exact: true }) });
  await row('new').getByText('cannot be verified').waitFor();
  await window.expectAccessible('before groups are verified');
  await window.press('Verify all');
  await window.go('#/overview');
  await window.sees(/ to be checked again$/);
  await window.go('#/verify-all');
  await window.page
    .getByRole('heading', { name: '1 of 2 replicas holds what its point says, 1 did not pass' })
    .waitFor();
  await row('erp').getByText('holds what its point says').waitFor();
  await row('mail').getByText('differs from its point').waitFor();
  await window.expectAccessible('groups that were verified');
  expect((await sitepair.must('runs')).runs?.filter((run) => run.operation === 'verify').length).toBe(2);

  await row('mail').getByRole('link', { name: 'Mend it' }).click();
  await window.finish('mail', 'Verify and mend');
  await window.go('#/verify-all');
  await window.press('Verify all again');
  await window.page.getByRole('heading', { name: '2 of 2 replicas hold what their points say' }).waitFor();
  expect(window.complaints).toEqual([]);
});
