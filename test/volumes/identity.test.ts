/** The same bytes must be known for the same, by whatever name or device they are reached. */
import { linkSync, mkdirSync, symlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { overlap } from '../../src-main/volumes/volume.ts';
import { skipUnless } from '../needs.ts';
import { run, Scratch } from './scratch.ts';

const MiB = 1024 * 1024;
const platform = volumePlatform();
const onLoops = { root: true, loop: true, commands: ['losetup', 'addpart', 'mount'] } as const;

function share(one: string, other: string): boolean {
  const [a, b] = [platform.describe(one), platform.describe(other)];
  expect(overlap(b, a)).toBe(overlap(a, b));
  return overlap(a, b);
}

test('a file by its name, a symbolic link, a hard link and a path with detours', (context) => {
  const scratch = new Scratch(context);
  const path = scratch.sparseFile('volume', MiB);
  mkdirSync(scratch.path('folder'));
  symlinkSync(path, scratch.path('symbolic'));
  linkSync(path, scratch.path('folder/hard'));
  for (const other of [scratch.path('symbolic'), scratch.path('folder/hard'), `${scratch.dir}/folder/../volume`]) {
    expect(share(path, other), other).toBe(true);
  }
  const link = platform.describe(scratch.path('symbolic'));
  expect(link).toMatchObject({ path: scratch.path('symbolic'), realPath: path, kind: 'file', sizeBytes: MiB });
  expect(share(path, scratch.sparseFile('other', MiB))).toBe(false);
});

test('a file through a bind mount', (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const scratch = new Scratch(context);
  mkdirSync(scratch.path('folder'));
  const path = scratch.sparseFile('folder/volume', MiB);
  const point = scratch.mount(scratch.path('folder'), 'elsewhere', '--bind');
  expect(share(path, `${point}/volume`)).toBe(true);
  expect(platform.describe(`${point}/volume`).mount.mountPoint).toBe(point);
});

test('an image and its loop devices', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', 8 * MiB);
  const first = scratch.loop(image);
  const second = scratch.loop(image);
  expect(share(image, first)).toBe(true);
  expect(share(first, second)).toBe(true);
  expect(share(first, scratch.loop(scratch.sparseFile('other', 8 * MiB)))).toBe(false);

  symlinkSync(first, scratch.path('device'));
  run('mknod', scratch.path('node'), 'b', ...run('stat', '-c', '%Hr %Lr', first).split(' '));
  expect(share(second, scratch.path('device'))).toBe(true);
  expect(share(second, scratch.path('node'))).toBe(true);
  expect(platform.describe(scratch.path('node'))).toMatchObject({ kind: 'block-device', sizeBytes: 8 * MiB });

  run('rm', image);
  expect(share(first, second)).toBe(true);
});

test('parts of one image share bytes only where their ranges meet', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', 8 * MiB);
  const low = scratch.loop(image, '--sizelimit', String(3 * MiB));
  const high = scratch.loop(image, '--offset', String(3 * MiB));
  const across = scratch.loop(image, '--offset', String(2 * MiB), '--sizelimit', String(2 * MiB));
  expect(platform.describe(high).sizeBytes).toBe(5 * MiB);
  expect(share(low, high)).toBe(false);
  expect(share(low, across)).toBe(true);
  expect(share(high, across)).toBe(true);
  expect(share(image, high)).toBe(true);
});

test('a disk and its partitions, down to the image and up to a loop device on a partition', (context) => {
  skipUnless(context, onLoops);
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', 32 * MiB);
  const disk = scratch.loop(image);
  const first = scratch.partition(disk, 1, MiB, 8 * MiB);
  const second = scratch.partition(disk, 2, 16 * MiB, 8 * MiB);
  const onSecond = scratch.loop(second, '--offset', String(MiB));
  expect(platform.describe(second).sizeBytes).toBe(8 * MiB);
  expect(share(disk, first)).toBe(true);
  expect(share(first, second)).toBe(false);
  expect(share(image, first)).toBe(true);
  expect(share(second, onSecond)).toBe(true);
  expect(share(disk, onSecond)).toBe(true);
  expect(share(image, onSecond)).toBe(true);
  expect(share(first, onSecond)).toBe(false);
  // The image again, only where the first partition lies.
  const sameRange = scratch.loop(image, '--offset', String(MiB), '--sizelimit', String(8 * MiB));
  expect(share(first, sameRange)).toBe(true);
  expect(share(second, sameRange)).toBe(false);
});

test('the mount that a file lies on is told, whatever its name', (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const scratch = new Scratch(context);
  const outer = scratch.mount('outer', 'a', '-t', 'tmpfs');
  const inner = scratch.mount('in ner', 'a/b\\ c\td', '-t', 'tmpfs');
  for (const [point, device] of [
    [outer, 'outer'],
    [inner, 'in ner'],
  ] as const) {
    platform.createFile(`${point}/volume`, MiB);
    expect(platform.describe(`${point}/volume`).mount).toEqual({ mountPoint: point, type: 'tmpfs', device });
  }
  const beside = scratch.path('a/b');
  platform.createFile(beside, MiB);
  expect(platform.describe(beside).mount.mountPoint).toBe(outer);
});
