/** Whatever uses a volume must be found, through every layer that hides it. */
import { chmodSync, constants, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import type { VolumeUse } from '../../src-main/volumes/volume.ts';
import { skipUnless } from '../needs.ts';
import { errorOf } from './expect-error.ts';
import { run, Scratch } from './scratch.ts';

const MiB = 1024 * 1024;
const platform = volumePlatform();
const onLoops = { root: true, loop: true, commands: ['losetup', 'mount', 'mkfs.ext4'], fileSystems: ['ext4'] } as const;

function details(path: string): string[] {
  return platform.uses(path).map((use) => use.detail);
}

/** Uses by processes come and go (udev looks at every new device); these tests are about the others. */
function kernelUses(path: string): VolumeUse[] {
  return platform.uses(path).filter((use) => use.by !== 'process');
}

function ext4(scratch: Scratch, name: string): string {
  const image = scratch.sparseFile(name, 16 * MiB);
  run('mkfs.ext4', '-q', '-F', image);
  return image;
}

test('a mounted loop device, its image, and its mount point with a blank in its name', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = ext4(scratch, 'disk image');
  expect(platform.uses(image)).toEqual([]);
  const device = scratch.loop(image);
  expect(kernelUses(device)).toEqual([]);
  expect(kernelUses(image)).toEqual([{ by: 'loop', detail: `attached to ${device}`, writes: true }]);

  const point = scratch.mount(device, 'mount \\ point\twith\nblanks');
  expect(kernelUses(device)).toEqual([{ by: 'mount', detail: `mounted at ${point}`, writes: true }]);
  expect(kernelUses(image)).toEqual([
    { by: 'loop', detail: `attached to ${device}`, writes: true },
    { by: 'mount', detail: `${device} mounted at ${point}`, writes: true },
  ]);
  const error = errorOf('blocked', () => platform.open(device, 'write-exclusive'));
  expect(error.message).toContain(`mounted at ${point}`);
});

test('a read-only mount of a read-only device writes nothing', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = ext4(scratch, 'image');
  const device = scratch.loop(image, '--read-only');
  const point = scratch.mount(device, 'point', '-o', 'ro,noload');
  expect(kernelUses(image)).toEqual([
    { by: 'loop', detail: `attached to ${device}`, writes: false },
    { by: 'mount', detail: `${device} mounted read-only at ${point}`, writes: false },
  ]);
});

test('a second loop device on the same image, or on a part of it that overlaps', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = ext4(scratch, 'image');
  const first = scratch.loop(image);
  const second = scratch.loop(image);
  const point = scratch.mount(second, 'point');
  expect(kernelUses(first)).toEqual([
    { by: 'loop', detail: `${image} attached to ${second}`, writes: true },
    { by: 'mount', detail: `${second} mounted at ${point}`, writes: true },
  ]);

  const other = scratch.sparseFile('other', 8 * MiB);
  const low = scratch.loop(other, '--sizelimit', String(2 * MiB));
  const high = scratch.loop(other, '--offset', String(2 * MiB));
  expect(kernelUses(low)).toEqual([]);
  expect(kernelUses(high)).toEqual([]);
  const across = scratch.loop(other, '--offset', String(MiB), '--sizelimit', String(2 * MiB));
  expect(kernelUses(low)).toEqual([{ by: 'loop', detail: `${other} attached to ${across}`, writes: true }]);
});

test('a partition, its disk, and the neighbour that has nothing to do with it', (context) => {
  skipUnless(context, { ...onLoops, commands: [...onLoops.commands, 'addpart'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', 48 * MiB);
  const disk = scratch.loop(image);
  const first = scratch.partition(disk, 1, MiB, 16 * MiB);
  const second = scratch.partition(disk, 2, 20 * MiB, 16 * MiB);
  run('mkfs.ext4', '-q', '-F', first);
  const point = scratch.mount(first, 'point');
  expect(kernelUses(first)).toEqual([{ by: 'mount', detail: `mounted at ${point}`, writes: true }]);
  expect(kernelUses(disk)).toEqual([{ by: 'partition-mount', detail: `${first} mounted at ${point}`, writes: true }]);
  expect(kernelUses(image).map((use) => use.detail)).toEqual([`attached to ${disk}`, `${first} mounted at ${point}`]);
  expect(kernelUses(second)).toEqual([]);
  errorOf('blocked', () => platform.open(disk, 'write-exclusive'));
  platform.open(second, 'write-exclusive').close();

  // A loop device on a partition counts as a use of the disk too.
  const nested = scratch.loop(second);
  expect(kernelUses(disk).map((use) => use.detail)).toContain(`${second} attached to ${nested}`);
  expect(kernelUses(second)).toEqual([{ by: 'loop', detail: `attached to ${nested}`, writes: true }]);
});

test('a btrfs file system on two devices uses both', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mkfs.btrfs'], fileSystems: ['btrfs'] });
  const scratch = new Scratch(context);
  const [first, second] = ['one', 'two'].map((name) => scratch.loop(scratch.sparseFile(name, 160 * MiB)));
  if (first === undefined || second === undefined) throw new Error('two devices were made');
  run('mkfs.btrfs', '-q', '-d', 'single', '-m', 'single', first, second);
  const point = scratch.mount(first, 'point', '-o', `device=${second}`);
  for (const device of [first, second]) {
    expect(kernelUses(device)).toEqual([{ by: 'mount', detail: `mounted at ${point}`, writes: true }]);
  }
});

test('a swap file and a swap device', (context) => {
  skipUnless(context, { ...onLoops, commands: [...onLoops.commands, 'mkswap', 'swapon'] });
  const scratch = new Scratch(context);
  const image = scratch.path('swap file');
  writeFileSync(image, Buffer.alloc(MiB), { mode: 0o600 });
  const device = scratch.loop(image);
  run('mkswap', device);
  run('swapon', device);
  scratch.later(() => run('swapoff', device));
  expect(kernelUses(device)).toEqual([{ by: 'swap', detail: 'in use as swap', writes: true }]);

  const file = `${scratch.fileSystem('ext4', 16 * MiB)}/plain swap file`;
  writeFileSync(file, Buffer.alloc(MiB), { mode: 0o600 });
  run('mkswap', file);
  run('swapon', file);
  scratch.later(() => run('swapoff', file));
  expect(kernelUses(file)).toEqual([{ by: 'swap', detail: 'in use as swap', writes: true }]);
  const handle = platform.open(file, 'write');
  errorOf('blocked', () => handle.write(Buffer.alloc(4096), 0));
  handle.close();
});

test('processes that have it open, for reading or for writing, but not this one', async (context) => {
  const scratch = new Scratch(context);
  const path = scratch.sparseFile('volume', MiB);
  const handle = platform.open(path, 'write');
  // A descriptor that gives no access (O_PATH) is no use.
  await scratch.holder(path, 0o10000000);
  expect(platform.uses(path)).toEqual([]);
  const reader = await scratch.holder(path, constants.O_RDONLY);
  expect(platform.uses(path)).toMatchObject([{ by: 'process', writes: false }]);
  expect(details(path)[0]).toMatch(new RegExp(`^open for reading by .* \\(pid ${reader.pid}\\)$`));
  // A process of Sitepair's, as a test failover that copies the volume.
  const own = await scratch.holder(path, constants.O_RDONLY, 'sitepair');
  expect(platform.uses(path).find(({ ours }) => ours)?.detail).toBe(`open for reading by sitepair (pid ${own.pid})`);
  await own.kill();
  const writer = await scratch.holder(path, constants.O_WRONLY);
  expect(platform.uses(path)).toHaveLength(2);
  const written = platform.uses(path).find((use) => use.writes);
  expect(written?.detail).toMatch(new RegExp(`^open for writing by .* \\(pid ${writer.pid}\\)$`));
  await reader.kill();
  await writer.kill();
  expect(platform.uses(path)).toEqual([]);
  handle.close();
});

test('what processes of others have open is not known to a user who is not root, and that can be told', async (context) => {
  skipUnless(context, { root: true });
  const scratch = new Scratch(context);
  const path = scratch.sparseFile('volume', MiB);
  await scratch.holder(path, constants.O_RDWR);
  chmodSync(scratch.dir, 0o755);
  chmodSync(path, 0o644);
  expect(platform.unseenProcesses()).toBe(0);
  const module = join(import.meta.dirname, '../../src-main/volumes/platform.ts');
  const script = `const platform = (await import(${JSON.stringify(module)})).volumePlatform();
    process.setuid(65534);
    console.log(platform.uses(${JSON.stringify(path)}).length, platform.unseenProcesses() > 0);`;
  expect(run(process.execPath, '--input-type=module', '-e', script)).toBe('0 true');
});

test('a process that has the loop device of an image open, and holds it exclusively', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', MiB);
  const device = scratch.loop(image);
  const { pid } = await scratch.holder(device, constants.O_RDONLY | constants.O_EXCL);
  expect(details(image)).toContainEqual(expect.stringMatching(`^${device} open for reading by .* \\(pid ${pid}\\)$`));
  expect(kernelUses(device)).toEqual([{ by: 'holder', detail: 'held exclusively by another program', writes: true }]);
  errorOf('blocked', () => platform.open(device, 'read-exclusive'));
});

test('what is held exclusively cannot be mounted or formatted, and is free again afterwards', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const device = scratch.loop(ext4(scratch, 'image'));
  const point = scratch.path('point');
  run('mkdir', point);
  for (const mode of ['write-exclusive', 'read-exclusive'] as const) {
    const handle = platform.open(device, mode);
    expect(() => run('mount', device, point)).toThrow(/busy|already mounted/);
    expect(() => run('mkfs.ext4', '-q', device)).toThrow(/in use/);
    expect(kernelUses(device)).toEqual([]);
    handle.close();
    run('mount', device, point);
    run('umount', point);
  }
});

test('an image that was renamed, hard-linked or deleted while it was attached', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', MiB);
  const device = scratch.loop(image);
  run('ln', image, scratch.path('link'));
  expect(kernelUses(scratch.path('link')).map((use) => use.detail)).toEqual([`attached to ${device}`]);
  renameSync(image, scratch.path('renamed'));
  expect(kernelUses(scratch.path('renamed')).map((use) => use.detail)).toEqual([`attached to ${device}`]);
  run('rm', scratch.path('renamed'));
  expect(kernelUses(scratch.path('link')).map((use) => use.detail)).toEqual([`attached to ${device}`]);
  // Another file that took its name is another volume.
  scratch.sparseFile('image', MiB);
  expect(kernelUses(image)).toEqual([]);
});
