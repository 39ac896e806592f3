/** FAULTS, row 13: the target, or a partition of it, is mounted. */
import { mkdirSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

const size = 8 << 20;

/** One pair of loop devices of 8 MiB. */
function deviceSites(context: TestContext): TwoSites {
  skipUnless(context, {
    root: true,
    loop: true,
    commands: ['losetup', 'mount', 'mkfs.ext4', 'addpart'],
    fileSystems: ['ext4'],
  });
  const sites = new TwoSites(context);
  const device = (name: string): string => sites.scratch.loop(sites.scratch.sparseFile(name, size));
  sites.pairs = [{ source: device('a.img'), target: device('b.img') }];
  return sites;
}

/** Mounts a device, read-only and without replaying its journal if nothing else is asked for. Gives the unmounting. */
function mountAt(sites: TwoSites, device: string, options = 'ro,noload'): () => void {
  const point = sites.path('mounted');
  mkdirSync(point, { recursive: true });
  run('mount', '-o', options, device, point);
  let mounted = true;
  const unmount = (): void => {
    if (mounted) run('umount', point);
    mounted = false;
  };
  sites.scratch.later(unmount);
  return unmount;
}

test('a target with a mounted file system is refused by every operation that would write it', async (context) => {
  const sites = deviceSites(context);
  const { sitepair, name } = sites;
  run('mkfs.ext4', '-q', sites.target());
  await sitepair.must(...sites.creation());
  const unmount = mountAt(sites, sites.target());
  for (const words of [
    ['protect', name],
    ['protect', name, '--overwrite', '--confirm', name],
  ]) {
    const refused = await sites.refused(3, /\/dev\/loop\d+ is mounted read-only at .*mounted/, words);
    expect(refused.remedy).toContain('Unmount it');
  }
  unmount();
  write(sites.source(), 0, 100_000);
  await sitepair.must('protect', name, '--overwrite', '--confirm', name);
  sites.expectMirrored();

  // The replica now holds what the source holds; a file system there is mounted behind Sitepair's back.
  run('mkfs.ext4', '-q', '-F', sites.source());
  await sitepair.must('sync', name);
  const replica = digestOf(sites.target());
  const again = mountAt(sites, sites.target());
  for (const words of [
    ['sync', name],
    ['failover', name, '--confirm', name],
    ['failover', name, '--planned', '--confirm', name],
    ['verify', name, '--repair'],
  ]) {
    await sites.refused(3, /is mounted read-only at/, words);
  }
  again();
  // Mounted for writing, it is written by that alone: refused while it is, noticed afterwards, mended from the source.
  const mountedForWriting = mountAt(sites, sites.target(), 'rw');
  const refused = await sitepair.run('sync', name);
  expect(refused.exitCode).toBe(3);
  expect(refused.report.run?.error?.message).toMatch(/is mounted at/);
  mountedForWriting();
  expect(digestOf(sites.target())).not.toBe(replica);
  const { checks } = (await sitepair.run('check', name, '--for', 'failover')).report;
  const intact = checks?.find((check) => check.id === 'replica-intact');
  expect(intact?.status).toMatch(/warn|fail/);
  expect(intact?.found).toMatch(/written to|differs? from/);
  expect(intact?.remedy).toContain(`sitepair verify ${name}`);
  await sitepair.must('verify', name, '--repair');
  expect(digestOf(sites.target())).toBe(replica);
  await sitepair.must('failover', name, '--confirm', name);
});

test('a target with a mounted partition is refused', async (context) => {
  const sites = deviceSites(context);
  const { sitepair, name } = sites;
  await sitepair.must(...sites.creation());
  const partition = sites.scratch.partition(sites.target(), 1, 1 << 20, 4 << 20);
  run('mkfs.ext4', '-q', partition);
  const unmount = mountAt(sites, partition);
  const words = ['protect', name, '--overwrite', '--confirm', name];
  const refused = await sites.refused(3, /\/dev\/loop\d+p1 mounted read-only at .*mounted/, words);
  expect(refused.remedy).toContain('Unmount it');
  unmount();
  await sitepair.must(...words);
  sites.expectMirrored();
});

test('an open cycle is not rolled back under a mounted file system', async (context) => {
  const sites = deviceSites(context);
  const { sitepair, name } = sites;
  run('mkfs.ext4', '-q', '-F', sites.source());
  await sitepair.must(...sites.creation());
  await sitepair.must('protect', name);
  await sitepair.must('group', 'set', name, '--before-cycle', 'kill -9 $PPID');
  expect((await sitepair.start('sync', name).ended).exitCode).toBeNull();
  await sitepair.must('group', 'set', name, '--before-cycle', 'true');
  const unmount = mountAt(sites, sites.target());
  for (const operation of ['rollback', 'resume']) await sites.refused(3, /is mounted read-only at/, [operation, name]);
  unmount();
  await sitepair.must('resume', name);
});

test('while a cycle writes a device nobody can mount it', async (context) => {
  const sites = deviceSites(context);
  const { sitepair, name } = sites;
  run('mkfs.ext4', '-q', '-F', sites.source());
  await sitepair.must(...sites.creation());
  await sitepair.must('protect', name);
  const said = sites.path('said');
  mkdirSync(sites.path('mounted'));
  // A planned failover holds its source for itself while the last cycle runs, and the hook runs within that.
  await sitepair.must(
    'group',
    'set',
    name,
    '--before-cycle',
    `mount ${sites.source()} ${sites.path('mounted')} 2> ${said}; true`,
  );
  await sitepair.must('failover', name, '--planned', '--confirm', name);
  expect(run('cat', said)).toMatch(/busy|already mounted/);
});
