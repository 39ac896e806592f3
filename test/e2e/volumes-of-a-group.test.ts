/** The volumes of a group change, in the window: one is added and copied, one is taken out, one is dismissed. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('a pair is added and copied, and another is taken out', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  const [third, made] = [sites.path('a/three.img'), sites.path('b/three.img')];
  writeFileSync(third, randomBytes(200_000));

  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/groups/erp/settings');
  await window.page.getByRole('link', { name: 'Add a pair…' }).click();
  await window.page.getByRole('textbox', { name: /^Volume at Hall A/ }).fill(sites.source(0));
  await window.page.getByRole('textbox', { name: /^Counterpart at Hall B/ }).fill(made);
  await window.press('Next');
  await window.sees('It cannot be done as it stands.');
  await window.sees(/is used twice/);
  await window.press('Back');
  await window.page.getByRole('textbox', { name: /^Volume at Hall A/ }).fill(third);
  await window.expectAccessible('what is added');
  await window.press('Next');
  await window.sees('Nothing stands against it.');
  await window.press('Next');
  await window.sees(/The next cycle copies .*three\.img/);
  await window.expectAccessible('what an added pair comes to');
  await window.press('Add the pair');
  await window.sees('No point has it yet.');
  await window.page.getByRole('link', { name: 'Copy it now' }).click();
  await window.finish('erp', 'Sync');
  expect(() => run('cmp', third, made)).not.toThrow();
  expect((await sites.sitepair.group('erp')).pairs).toHaveLength(3);

  await window.go('#/groups/erp/settings');
  await window.page.getByRole('link', { name: 'Take out… pair-1' }).click();
  await window.sees('Its volumes are left alone.');
  await window.press('Next');
  await window.sees('Nothing stands against it.');
  await window.press('Next');
  await window.sees(/What 2 points \(1\.1, 1\.2\) held of pair-1/);
  await window.fill("Type the group's name, erp, to go on", 'erp');
  await window.expectAccessible('what is lost with a pair');
  await window.press('Take it out');
  await window.sees('pair-1 was taken out');
  expect((await sites.sitepair.group('erp')).pairs.map(({ id }) => id)).toEqual(['pair-2', 'pair-3']);
  sites.expectMirrored();
  expect(window.complaints).toEqual([]);
});

test('a volume that lies beside protected ones is dismissed with a reason, and warned of again', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  const scratch = sites.scratch.sparseFile('a/scratch.img', 2 << 20);
  await sites.protect();
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/volumes');
  await window.sees('not protected');
  await window.press(`Dismiss… ${scratch}`);
  await window.fill('Why it needs no protection', 'made anew each night');
  await window.expectAccessible('volumes in no group');
  await window.press('Dismiss');
  await window.sees('made anew each night');
  const { report } = await sites.sitepair.run('check', 'erp', '--for', 'planned-failover');
  expect(report.checks?.find(({ id }) => id === 'unprotected-volumes')?.status).toBe('pass');
  await window.press(`Warn again of ${scratch}`);
  await window.sees('not protected');
  expect(window.complaints).toEqual([]);
});
