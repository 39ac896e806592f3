import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';

const id = 'unprotected-volumes';

test('a volume that lies forgotten beside the protected ones is named', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  writeFileSync(sites.path('a/notes.txt'), Buffer.alloc(2 << 20));
  writeFileSync(sites.path('a/small.img'), 'not a volume');
  sites.scratch.sparseFile('b/other.img', 2 << 20);
  const none = /^Nothing that looks like a volume lies unprotected beside the protected ones\.$/;
  await expectCheck(sites, 'protect', id, { status: 'pass', found: none });
  const forgotten = sites.scratch.sparseFile('a/three.img', 2 << 20);
  await expectCheck(sites, 'protect', id, {
    status: 'warn',
    found: new RegExp(`^Beside the protected volumes lie 1 that no group has: ${forgotten}\\.$`),
    remedy: /^Protect them if they matter .* sitepair volumes --dismiss PATH --reason TEXT$/,
    blocks: false,
  });

  const stores = ['--primary-store', sites.primaryStore, '--recovery-store', sites.recoveryStore];
  const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const pair = ['--pair', `${forgotten}::${sites.path('b/three.img')}`];
  await sites.sitepair.must('group', 'create', 'mail', ...names, ...stores, ...pair);
  await expectCheck(sites, 'protect', id, { status: 'pass', found: none });
});

test('of partitions, those of the same disk count and those of others do not', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'addpart'] });
  const sites = new TwoSites(context);
  const MiB = 1 << 20;
  const disk = sites.scratch.loop(sites.scratch.sparseFile('disk', 8 * MiB));
  const other = sites.scratch.loop(sites.scratch.sparseFile('other disk', 8 * MiB));
  const first = sites.scratch.partition(disk, 1, MiB, MiB);
  sites.scratch.partition(other, 1, MiB, MiB);
  sites.pairs = [{ source: first, target: sites.path('b/first.img') }];
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', id, { status: 'pass', found: /^Nothing that looks like a volume/ });
  const second = sites.scratch.partition(disk, 2, 3 * MiB, MiB);
  await expectCheck(sites, 'protect', id, {
    status: 'warn',
    found: new RegExp(`lie 1 that no group has: ${second}\\.$`),
  });
});

test('the image under a protected loop device is no volume of its own', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const sites = new TwoSites(context);
  mkdirSync(sites.path('a/images'));
  const [one, other] = ['images/one.img', 'images/two.img'].map((name) =>
    sites.scratch.sparseFile(`a/${name}`, 1 << 20),
  );
  sites.pairs = [
    { source: sites.scratch.loop(one ?? ''), target: sites.target(0) },
    { source: other ?? '', target: sites.target(1) },
  ];
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'unprotected-volumes', { status: 'pass', found: /^Nothing that looks like/ });
});
