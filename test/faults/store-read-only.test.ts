/** FAULTS, row 19: the file system of the replica's store turns read-only in a cycle: a clean stop, later recovery. */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { applicationAt } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

test('what was begun is taken back once it can be written again', async (context) => {
  const commands = ['mkfs.ext4', 'losetup', 'mount'] as const;
  skipUnless(context, { root: true, loop: true, commands, fileSystems: ['ext4'] });
  const sites = new TwoSites(context);
  const image = sites.scratch.sparseFile('store.img', 64 << 20);
  run('mkfs.ext4', '-q', '-F', image);
  const device = sites.scratch.loop(image);
  const place = sites.path('b/store');
  run('mkdir', '-p', place);
  run('mount', '-o', 'errors=remount-ro', device, place);
  sites.scratch.unmountLater(place);
  await sites.protect('--limit', '2M/s');
  const before = digestOf(sites.target());
  writeFileSync(sites.source(), randomBytes(300_001));
  writeFileSync(sites.source(1), randomBytes(1 << 20));

  const application = await applicationAt(sites.sitepair.home, context);
  const underWay = new Promise<void>((resolve) => {
    application.subscribe('run.progress', ({ figures }) => {
      if (figures.bytesCompared > 0) resolve();
    });
  });
  const started = await application.invoke('operations.start', { operation: 'sync', group: 'erp' });
  await underWay;
  writeFileSync(`/sys/fs/ext4/${basename(device)}/trigger_fs_error`, 'x');
  const { run: ended } = await application.invoke('operations.result', started);
  expect(ended.outcome).not.toBe('succeeded');
  expect(ended.error?.message).toMatch(/b\/store/);
  expect(ended.error?.remedy).not.toBe('');
  const said = await application.invoke('groups.show', { name: 'erp' });
  expect(said.group.health.reasons.join(' ')).toMatch(/store of Hall B cannot be used: .* file system is read-only/);

  run('umount', place);
  // As an operator has to: e2fsck says 1 where it mended something.
  try {
    run('e2fsck', '-p', device);
  } catch {
    expect(run('e2fsck', '-n', device)).toMatch(/clean|blocks/);
  }
  run('mount', '-o', 'errors=remount-ro', device, place);
  await sites.sitepair.must('rollback', 'erp');
  expect(digestOf(sites.target())).toBe(before);
  await sites.sitepair.must('sync', 'erp');
  sites.expectMirrored();
});
