import { constants } from 'node:fs';
import { test } from 'vitest';
import { skipUnless } from '../../needs.ts';
import { expectCheck } from '../../support/checking.ts';
import { TwoSites } from '../../support/two-sites.ts';
import { run } from '../../volumes/scratch.ts';

test('a target that nobody uses passes; what reads it is a warning, what writes it blocks', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await expectCheck(sites, 'sync', 'target-not-in-use', {
    status: 'pass',
    found: /^Nothing on this machine uses them\.$/,
  });
  const reader = await sites.scratch.holder(sites.target(), constants.O_RDONLY);
  await expectCheck(sites, 'sync', 'target-not-in-use', {
    status: 'warn',
    found: new RegExp(`^/.*/b/one\\.img is open for reading by \\S+ \\(pid ${reader.pid}\\)\\.$`),
    remedy: /will see content that changes/,
    blocks: false,
  });
  const writer = await sites.scratch.holder(sites.target(1), constants.O_RDWR);
  await expectCheck(sites, 'sync', 'target-not-in-use', {
    status: 'fail',
    found: new RegExp(`^/.*/b/two\\.img is open for writing by \\S+ \\(pid ${writer.pid}\\)\\.$`),
    remedy: /Unmount it, detach it, or stop what has it open; then check again\.$/,
    blocks: true,
  });
  await writer.kill();
  await reader.kill();
  await expectCheck(sites, 'sync', 'target-not-in-use', { status: 'pass', found: /Nothing/ });
});

test('who uses the source does not matter to a cycle', async (context) => {
  const sites = new TwoSites(context);
  await sites.protect();
  await sites.scratch.holder(sites.source(), constants.O_RDWR);
  await expectCheck(sites, 'sync', 'target-not-in-use', { status: 'pass', found: /Nothing/ });
});

test('a target that is mounted, or attached to a loop device, blocks', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mkfs.ext4', 'mount'], fileSystems: ['ext4'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('b/target.img', 8 << 20);
  sites.pairs = [{ source: sites.source(), target: image }];
  await sites.sitepair.must(...sites.creation());
  const device = sites.scratch.loop(image);
  await expectCheck(sites, 'protect', 'target-not-in-use', {
    status: 'fail',
    found: new RegExp(`^/.*/b/target\\.img is attached to ${device}\\.$`),
    blocks: true,
  });
  run('mkfs.ext4', '-q', '-F', device);
  const point = sites.scratch.mount(device, 'mounted');
  await expectCheck(sites, 'protect', 'target-not-in-use', {
    status: 'fail',
    found: new RegExp(`target\\.img is ${device} mounted at ${point}`),
    blocks: true,
  });
});
