/** FAULTS, row 14: the source is the target, by whichever way. */
import { copyFileSync, linkSync, mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** Creation of a group whose only pair is these two must be refused, and leave nothing behind. */
async function refusedPair(sites: TwoSites, source: string, target: string): Promise<void> {
  sites.pairs = [{ source, target }];
  const refused = await sites.refused(2, /same volume|used twice|share bytes/, sites.creation());
  expect(refused.code).toBe('volume-overlap');
  expect(`${refused.message} ${refused.where ?? ''}`).toContain(source);
  expect(refused.remedy).toContain('two volumes of its own');
  expect(sites.fingerprint()).toMatchObject({ [sites.primaryStore]: 'missing', [sites.recoveryStore]: 'missing' });
}

test('the same path, also when it is written in another way', async (context) => {
  const sites = new TwoSites(context);
  const source = sites.source();
  await refusedPair(sites, source, source);
  mkdirSync(sites.path('a/sub'));
  await refusedPair(sites, source, sites.path('a/sub/../one.img'));
});

test('a symbolic link, a hard link, a bind mount', async (context) => {
  const sites = new TwoSites(context);
  const source = sites.source();
  symlinkSync(source, sites.path('b/symbolic.img'));
  await refusedPair(sites, source, sites.path('b/symbolic.img'));
  linkSync(source, sites.path('b/hard.img'));
  await refusedPair(sites, source, sites.path('b/hard.img'));
  skipUnless(context, { root: true, commands: ['mount'] });
  mkdirSync(sites.path('b/bound'));
  run('mount', '--bind', sites.path('a'), sites.path('b/bound'));
  sites.scratch.later(() => run('umount', sites.path('b/bound')));
  await refusedPair(sites, source, sites.path('b/bound/one.img'));
});

test('a loop device and its backing file, two loop devices of one image, a disk and its partition', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'addpart'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('image', 4 << 20);
  const first = sites.scratch.loop(image);
  const second = sites.scratch.loop(image);
  await refusedPair(sites, first, image);
  await refusedPair(sites, image, first);
  await refusedPair(sites, first, second);
  const partition = sites.scratch.partition(first, 1, 1 << 20, 1 << 20);
  await refusedPair(sites, partition, first);
  await refusedPair(sites, partition, second);
});

test('two pairs with one target, and a volume of another group', async (context) => {
  const sites = new TwoSites(context);
  const [one, two] = sites.pairs;
  if (one === undefined || two === undefined) throw new Error('two pairs were expected');
  sites.pairs = [one, { source: two.source, target: one.target }];
  expect((await sites.refused(2, /used twice/, sites.creation())).code).toBe('volume-overlap');
  sites.pairs = [one];
  await sites.protect();
  const words = sites
    .creation()
    .map((word) => (word === sites.name ? 'other' : word.replace('/store', '/other-store')));
  const refused = await sites.refused(2, /the group erp/, words);
  expect(refused.code).toBe('volume-overlap');
});

test('two targets that would be one file once it is made', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  const [one, two] = sites.pairs;
  if (one === undefined || two === undefined) throw new Error('two pairs were expected');
  symlinkSync(sites.path('b'), sites.path('link'));
  sites.pairs = [one, { source: two.source, target: sites.path('link/one.img') }];
  expect((await sites.refused(2, /same volume/, sites.creation())).code).toBe('volume-overlap');

  // The folder becomes the same one later.
  mkdirSync(sites.path('c'));
  sites.pairs = [one, { source: two.source, target: sites.path('c/one.img') }];
  await sitepair.must(...sites.creation());
  rmdirSync(sites.path('c'));
  symlinkSync(sites.path('b'), sites.path('c'));
  await sites.refused(3, /b\/one\.img and .*c\/one\.img share bytes/, ['protect', name]);
});

test('a volume that becomes the same one later is refused before anything is written', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  run('mv', sites.target(), sites.path('kept.img'));
  linkSync(sites.source(), sites.target());
  for (const words of [
    ['sync', name],
    ['failover', name, '--planned', '--confirm', name],
  ]) {
    const refused = await sites.refused(3, /a\/one\.img and .*b\/one\.img share bytes/, words);
    expect(refused.remedy).not.toBe('');
  }
  run('mv', sites.path('kept.img'), sites.target());
  await sitepair.must('sync', name);
});

test('a replaced volume that is the source, and a path that is set to it', async (context) => {
  const sites = new TwoSites(context);
  const { sitepair, name } = sites;
  await sites.protect();
  await sites.refused(2, /same volume|share bytes|used twice/, [
    'group',
    'set',
    name,
    '--path',
    `pair-1:recovery=${sites.source()}`,
  ]);
  await sitepair.must('failover', name, '--confirm', name);
  await sitepair.must('commit', name, '--confirm', name);
  symlinkSync(sites.target(), sites.path('a/link.img'));
  for (const volume of [sites.target(), sites.path('a/link.img'), sites.target(1)]) {
    const words = ['reprotect', name, '--replace', `pair-1=${volume}`, '--confirm', name];
    await sites.refused(3, /share bytes/, words);
  }
  copyFileSync(sites.source(), sites.path('a/new.img'));
  await sitepair.must('reprotect', name, '--replace', `pair-1=${sites.path('a/fresh.img')}`, '--confirm', name);
});
