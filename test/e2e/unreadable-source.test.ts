/** A bad block on the source, as the operator meets it: where it is, what to do, and on once it is mended. */
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { needsOfWindows, TestWindow } from './test-window.ts';

test('an unreadable source: the run says which volume and where, nothing is taken for protected, and it goes on once mended', async (context) => {
  skipUnless(context, { ...needsOfBadBlocks, commands: [...needsOfBadBlocks.commands, ...needsOfWindows.commands] });
  const sites = new TwoSites(context);
  const bad = 400 << 10;
  const { path } = fileWithBadBlock(sites.scratch, bad);
  sites.pairs = [{ source: path, target: sites.target() }];
  await sites.sitepair.must(...sites.creation());
  const window = await TestWindow.open(context, sites.sitepair.home);
  await window.go('#/do/protect/erp');
  await window.start('erp', 'Protect');
  await window.page.getByRole('heading', { name: 'Protect failed' }).waitFor();
  const note = window.page.getByRole('alert');
  const said = await note.innerText();
  expect(said).toContain(path);
  expect(said).toContain(`offset ${bad}, length 4096`);
  expect(said).toContain('repair or replace it, or rewrite the block');
  expect(said).not.toMatch(/\.ts:\d/);
  await window.expectAccessible('the result of a run that failed');

  await window.go('#/overview');
  await window.sees('The group cannot fail over now');
  const offer = window.page.getByRole('region', { name: 'Cut off: erp' });
  await offer.waitFor();
  // Rewriting heals it.
  write(path, bad, 4096);
  await offer.getByRole('link', { name: 'Resume' }).click();
  await window.finish('erp', 'Resume');
  sites.expectMirrored();
  expect(window.complaints).toEqual([]);
});
