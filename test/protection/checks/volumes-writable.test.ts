import { mkdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

test('volumes that can be written, and such as can be made, pass', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  await expectCheck(sites, 'protect', 'volumes-writable', {
    status: 'pass',
    found: /^Those that are there can be written, and the others can be made\.$/,
  });
});

test('a target that would be made in a folder that is gone fails', async (context) => {
  const sites = new TwoSites(context);
  mkdirSync(sites.path('b/deep'));
  sites.pairs = [{ source: sites.source(), target: sites.path('b/deep/one.img') }];
  await sites.sitepair.must(...sites.creation());
  rmSync(sites.path('b/deep'), { recursive: true });
  await expectCheck(sites, 'protect', 'volumes-writable', {
    status: 'fail',
    found: /^\/.*\/b\/deep\/one\.img is not there and cannot be made in \/.*\/b\/deep \(it is not there\)\.$/,
    blocks: true,
  });
});

test('a device that is set read-only fails, and its remedy makes it pass', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'blockdev'] });
  const sites = new TwoSites(context);
  const device = sites.scratch.loop(sites.scratch.sparseFile('image', 1 << 20));
  sites.pairs = [{ source: sites.source(), target: device }];
  await sites.sitepair.must(...sites.creation());
  sites.scratch.later(() => run('blockdev', '--setrw', device));
  run('blockdev', '--setro', device);
  const { remedy } = await expectCheck(sites, 'protect', 'volumes-writable', {
    status: 'fail',
    found: new RegExp(`^${device} is read-only\\.$`),
    remedy: /Make it writable \(a device with blockdev --setrw/,
    blocks: true,
  });
  expect(remedy).toContain('blockdev --setrw');
  run('blockdev', '--setrw', device);
  await expectCheck(sites, 'protect', 'volumes-writable', { status: 'pass', found: /can be written/ });
});

test('a file system that is mounted read-only fails, with the volume there and without', async (context) => {
  skipUnless(context, { root: true, commands: ['mount'], fileSystems: ['tmpfs'] });
  const sites = new TwoSites(context);
  const point = sites.scratch.mount('none', 'site-b', '-t', 'tmpfs');
  sites.pairs = [{ source: sites.source(), target: `${point}/one.img` }];
  await sites.sitepair.must(...sites.creation());
  const remount = (how: string): string => run('mount', '-o', `remount,${how}`, point);
  remount('ro');
  const missing = /one\.img is not there and cannot be made in .* \(its file system is mounted read-only\)\.$/;
  await expectCheck(sites, 'protect', 'volumes-writable', { status: 'fail', found: missing, blocks: true });
  remount('rw');
  await sites.sitepair.must('protect', sites.name);
  remount('ro');
  await expectCheck(sites, 'sync', 'volumes-writable', {
    status: 'fail',
    found: /one\.img is read-only\.$/,
    blocks: true,
  });
});
