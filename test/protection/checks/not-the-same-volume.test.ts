import { linkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

test('different volumes pass; a target that became a link to its source blocks', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'sync', 'not-the-same-volume', {
    status: 'pass',
    found: /^4 volumes, none of them shares bytes with another\.$/,
  });
  rmSync(sites.target());
  linkSync(sites.source(), sites.target());
  await expectCheck(sites, 'sync', 'not-the-same-volume', {
    status: 'fail',
    found: /^\/.*\/a\/one\.img and \/.*\/b\/one\.img share bytes\.$/,
    remedy: /^Give each pair two volumes of its own/,
    blocks: true,
  });
});

test('two loop devices of one image are one volume', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('b/image', 1 << 20);
  const other = sites.scratch.sparseFile('b/other', 1 << 20);
  sites.pairs = [sites.scratch.loop(image), other].map((target, n) => ({ source: sites.source(n), target }));
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'not-the-same-volume', { status: 'pass', found: /^4 volumes/ });
  const second = sites.scratch.loop(image);
  rmSync(other);
  // The path of the second pair leads to the same image now.
  symlinkSync(second, other);
  await expectCheck(sites, 'protect', 'not-the-same-volume', { status: 'fail', found: /share bytes\.$/, blocks: true });
});

test('a volume of another group is not taken, least of all to replace one', async (context) => {
  const sites = new TwoSites(context);
  const theirs = sites.path('b/theirs.img');
  writeFileSync(sites.path('a/theirs.img'), Buffer.alloc(300_001, 7));
  await sites.protect();
  const stores = ['--primary-store', sites.path('a/store'), '--recovery-store', sites.path('b/store')];
  const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const pair = ['--pair', `${sites.path('a/theirs.img')}::${theirs}`];
  await sites.sitepair.must('group', 'create', 'mail', ...names, ...stores, ...pair);
  await sites.sitepair.must('protect', 'mail');
  await sites.sitepair.must('failover', sites.name, '--confirm', sites.name);
  await sites.sitepair.must('commit', sites.name, '--confirm', sites.name);
  const expected = {
    status: 'fail',
    found: /theirs\.img shares bytes with \/.*theirs\.img of the group mail\.$/,
    remedy: /that no other group has/,
    blocks: true,
  } as const;
  const replace = [{ pairId: 'pair-1', path: theirs }];
  await expectCheck(sites, 'reprotect', 'not-the-same-volume', expected, { replace });
  const words = ['reprotect', sites.name, '--replace', `pair-1=${theirs}`, '--confirm', sites.name];
  await sites.refused(3, /shares bytes with .* of the group mail/, words);
});
