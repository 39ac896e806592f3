import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

const id = 'stores-apart';
const carried = {
  root: true,
  loop: true,
  commands: ['losetup', 'mount', 'mkfs.ext4'],
  fileSystems: ['ext4'],
} as const;

/** A file system for the recovery store on a loop device of an image. */
function mountedStore(sites: TwoSites, image: string): string {
  run('mkfs.ext4', '-q', '-F', image);
  const device = sites.scratch.loop(image);
  sites.scratch.mount(device, 'b/store');
  return device;
}

test('stores on one file system are a warning', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', id, {
    status: 'warn',
    found: /^Both stores lie on the same file system \(\/.*\/a\/store\/erp, \/.*\/b\/store\/erp\)\.$/,
    remedy: /^Keep each store at its own site, on a disk of its own\.$/,
    blocks: false,
  });
});

test('stores on file systems of their own pass', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'], fileSystems: ['tmpfs'] });
  const sites = new TwoSites(context);
  sites.scratch.mount('none', 'b/store', '-t', 'tmpfs', '-o', 'size=24M');
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', id, {
    status: 'pass',
    found: /^Each store lies on a file system of its own, on no volume of a group\.$/,
  });
});

test.for(['device', 'image'] as const)('a store on a volume of its own group blocks: the %s', async (kind, context) => {
  skipUnless(context, carried);
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('carrier.img', 24 << 20);
  const device = mountedStore(sites, image);
  const target = { device, image }[kind];
  const [pair = { source: '', target: '' }] = sites.pairs;
  sites.pairs = [{ ...pair, target }];
  const refused = await sites.sitepair.run(...sites.creation());
  expect([refused.exitCode, refused.report.error?.code]).toEqual([2, 'store-unsuitable']);
  expect(refused.report.error?.message).toContain(`/b/store lies on ${target}, a volume of a group`);
  expect(readdirSync(sites.path('b/store'))).toEqual(['lost+found']);
  // The volume is given later.
  sites.pairs = [pair];
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('group', 'set', sites.name, '--path', `pair-1:recovery=${target}`);
  await expectCheck(sites, 'protect', id, {
    status: 'fail',
    found: new RegExp(`^/.*/b/store/erp lies on the volume ${target}\\.$`),
    remedy:
      /^With nothing running, move the folder of the group to a file system that is on no volume of a group, then: /,
    blocks: true,
  });
});

test('a store on a volume of another group blocks', async (context) => {
  skipUnless(context, carried);
  const sites = new TwoSites(context);
  const device = mountedStore(sites, sites.scratch.sparseFile('carrier.img', 24 << 20));
  const stores = ['--primary-store', sites.primaryStore, '--recovery-store', sites.path('b/other-store')];
  const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
  const pair = ['--pair', `${device}::${sites.path('b/copy.img')}`];
  await sites.sitepair.must(...sites.creation());
  await sites.sitepair.must('group', 'create', 'mail', ...names, ...stores, ...pair);
  const found = new RegExp(`^/.*/b/store/erp lies on the volume ${device}\\.$`);
  await expectCheck(sites, 'protect', id, { status: 'fail', found, blocks: true });
});
