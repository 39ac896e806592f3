/** A bad block on the source, as the operator meets it: where it is, what to do, and on once it is mended. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { FailingVolume, needsOfFailing } from '../support/failing-volume.ts';
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

test('a source that dies: the error offers the way on, the wizard warns and wants the name, and the point says what it lacks', async (context) => {
  skipUnless(context, { ...needsOfFailing, commands: [...needsOfFailing.commands, ...needsOfWindows.commands] });
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const file = sites.path('a/served.img');
  writeFileSync(file, randomBytes(300_032));
  const volume = await FailingVolume.of(sites.scratch, file);
  sites.pairs = [{ source: volume.path, target: sites.target() }];
  await sites.protect();
  write(file, 0, 100_000);
  volume.spoil([{ offset: 51_200, length: 512 }]);
  const window = await TestWindow.open(context, sitepair.home);
  await window.go('#/do/sync/erp');
  await window.start('erp', 'Sync');
  await window.page.getByRole('heading', { name: 'Sync failed' }).waitFor();
  await window.page.getByRole('link', { name: 'Resume erp without what cannot be read' }).click();

  await window.page.getByRole('checkbox', { name: /Go on without what cannot be read/ }).waitFor();
  await window.sees(/The new point is incomplete/);
  await window.press('Check prerequisites');
  await window.page.getByText('Nothing has been changed.').waitFor();
  for (const box of await window.page.getByRole('checkbox').all()) await box.check();
  await window.press('Review');
  await window.sees(/is passed over: there the replica keeps what it holds/);
  await window.page.getByLabel(/Type the group's name/).fill(name);
  await window.press('Resume');
  await window.page.getByRole('heading', { name: 'Resume is done' }).waitFor();
  await window.sees(/Point 1\.2 is incomplete: 1 range, 512 B not read/);
  await window.expectAccessible('the result of a cycle around what cannot be read');

  await window.go('#/groups/erp');
  await window.sees(/The newest point 1\.2 is incomplete: 1 range, 512 B not read/);
  await window.page.getByRole('button', { name: /^Point 1\.2, .*incomplete: 1 range, 512 B not read/ }).click();
  await window.page.getByRole('link', { name: 'Fail over to it' }).waitFor();
  await window.expectAccessible('a group whose newest point is incomplete');
  expect(window.complaints).toEqual([]);
});
