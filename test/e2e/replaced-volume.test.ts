/** A volume that did not survive, as the operator replaces it: a new one is chosen in the wizard and copied whole. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('a reprotect goes on with a new volume in the place of a lost one', async (context) => {
  skipUnless(context, needsOfWindows);
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.sitepair.must('failover', 'erp', '--confirm', 'erp');
  write(sites.target(), 5000, 40_000);
  write(sites.target(1), 100_000, 30_000);
  await sites.sitepair.must('commit', 'erp', '--confirm', 'erp');
  const lost = sites.source(1);
  rmSync(lost);
  const chosen = sites.scratch.sparseFile('a/new.img', 1 << 20);
  const production = sites.pairs.map(({ target }) => digestOf(target));

  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/reprotect/erp');
  await window.press('Check prerequisites');
  await window.sees(/check(s)? block(s)? going on/);
  await window.sees('two.img is not there');
  await window.press('Back');
  await window.page.getByLabel('Old volumes did not survive: copy to new ones').check();
  const label = `New volume instead of ${lost}`;
  await window.fill(label, `${sites.path('a')}/`);
  await window.press(`Browse for ${label}`);
  await window.page
    .getByRole('dialog', { name: label })
    .getByRole('button', { name: /^new\.img/ })
    .click();
  const field = window.page.getByRole('textbox', { name: label });
  expect(await field.inputValue()).toBe(chosen);
  await window.press('Check prerequisites');
  await window.sees('Nothing has been changed.');
  await window.press('Back');
  expect(await field.inputValue(), 'what was chosen is seen again').toBe(chosen);
  await window.expectAccessible('a volume is replaced');
  await window.finish('erp', 'Reprotect');

  sites.pairs = sites.pairs.map((pair, n) => (n === 1 ? { ...pair, source: chosen } : pair));
  sites.expectMirrored();
  expect(sites.pairs.map(({ source }) => digestOf(source))).toEqual(production);
  const { pairs, points, phase } = await sites.sitepair.group('erp');
  expect([phase, pairs[1]?.primaryPath]).toEqual(['protected', chosen]);
  expect(points.find((point) => point.kind === 'before-reprotect')?.lacks).toEqual([pairs[1]?.id]);
  await window.go('#/groups/erp');
  await window.sees(chosen);
  expect(window.complaints).toEqual([]);
});
