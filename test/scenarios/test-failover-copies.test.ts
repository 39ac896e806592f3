/** The copies of a test failover as they are used: file systems that are whole, mounted, cloned, and in use. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { skipUnless } from '../needs.ts';
import { digestOf } from '../support/fingerprint.ts';
import { TwoSites, write } from '../support/two-sites.ts';
import { run } from '../volumes/scratch.ts';

/** One pair of loop devices with an ext4 that holds a file which says which point it is of. */
async function devices(context: TestContext): Promise<{ sites: TwoSites; say: (words: string) => void }> {
  skipUnless(context, {
    root: true,
    loop: true,
    commands: ['mount', 'losetup', 'mkfs.ext4'],
    fileSystems: ['ext4'],
  });
  const sites = new TwoSites(context);
  const [source, target] = ['a/disk.img', 'b/disk.img'].map((file) =>
    sites.scratch.loop(sites.scratch.sparseFile(file, 24 << 20)),
  );
  if (source === undefined || target === undefined) throw new Error('no loop devices');
  run('mkfs.ext4', '-q', source);
  sites.pairs = [{ source, target }];
  const at = sites.path('production');
  mkdirSync(at);
  const say = (words: string): void => {
    run('mount', source, at);
    writeFileSync(`${at}/words`, words);
    run('umount', at);
  };
  say('first');
  await sites.protect();
  return { sites, say };
}

test('a device with a file system: its copies are whole, are mounted and written, and go when they are not', async (context) => {
  const { sites, say } = await devices(context);
  const { sitepair } = sites;
  say('second');
  await sitepair.must('sync', 'erp');
  const replica = digestOf(sites.target());
  const [first] = (await sitepair.group('erp')).points;
  const dir = sites.path('rehearsal');
  const { next } = await sitepair.must('test-failover', 'erp', '--dir', dir, '--point', first?.id ?? '');
  const copy = `${dir}/pair-1-${sites.target().split('/').at(-1) ?? ''}.img`;
  expect(next?.join('\n')).toContain(`losetup --find --show --partscan ${copy}, then`);
  run('e2fsck', '-f', '-n', copy);
  const device = run('losetup', '--find', '--show', copy);
  const mounted = sites.path('looked-at');
  mkdirSync(mounted);
  run('mount', device, mounted);
  let attached = true;
  const detach = (): void => {
    if (!attached) return;
    attached = false;
    run('umount', mounted);
    run('losetup', '--detach', device);
  };
  sites.scratch.later(detach);
  expect(readFileSync(`${mounted}/words`, 'utf8')).toBe('first');
  writeFileSync(`${mounted}/words`, 'written in the test');
  const refused = await sitepair.run('test-cleanup', 'erp');
  expect(refused.exitCode).toBe(3);
  expect(refused.printed).toContain(`mounted at ${mounted}`);
  expect(existsSync(copy)).toBe(true);
  // What is done with the copy is done with the copy alone, and cycles go on.
  expect(digestOf(sites.target())).toBe(replica);
  await sitepair.must('verify', 'erp');
  await sitepair.must('sync', 'erp');
  detach();
  await sitepair.must('test-cleanup', 'erp');
  expect(existsSync(dir)).toBe(false);
});

test('copies on a volume of the group are refused', async (context) => {
  const { sites } = await devices(context);
  const mounted = sites.scratch.mount(sites.source(), 'on-a-volume');
  const { exitCode, printed } = await sites.sitepair.run('test-failover', 'erp', '--dir', `${mounted}/rehearsal`);
  expect(exitCode).toBe(3);
  expect(printed).toContain('which is a volume of a group');
});

test('where files can share blocks a copy takes no space, of an older point as well', async (context) => {
  skipUnless(context, { root: true, commands: ['mkfs.btrfs', 'mount'], fileSystems: ['btrfs'] });
  const sites = new TwoSites(context);
  const { sitepair } = sites;
  const image = sites.scratch.sparseFile('btrfs.img', 256 << 20);
  run('mkfs.btrfs', '-q', image);
  const volumes = sites.path('b/volumes');
  mkdirSync(volumes);
  run('mount', '-o', 'loop', image, volumes);
  sites.scratch.later(() => run('umount', volumes));
  sites.pairs = sites.pairs.map(({ source }, n) => ({ source, target: `${volumes}/${n}.img` }));
  await sites.protect();
  const kept = sites.path('kept.img');
  copyFileSync(sites.source(), kept);
  write(sites.source(), 100_000, 60_000);
  await sitepair.must('sync', 'erp');
  const [first, second] = (await sitepair.group('erp')).points;
  for (const [id, held] of [
    [first?.id ?? '', kept],
    [second?.id ?? '', sites.source()],
  ] as const) {
    const dir = `${volumes}/rehearsal`;
    const report = await sitepair.must('test-failover', 'erp', '--dir', dir, '--point', id);
    expect(report.run?.report?.result).toContain('sharing its blocks');
    const copy = `${dir}/pair-1-0.img`;
    expect(() => run('cmp', held, copy)).not.toThrow();
    expect(() => run('cmp', sites.source(1), `${dir}/pair-2-1.img`)).not.toThrow();
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    await sitepair.must('test-cleanup', 'erp');
    expect(existsSync(dir)).toBe(false);
  }
  sites.expectMirrored();
});
