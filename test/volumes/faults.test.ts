/** What goes wrong below a volume, brought about on real devices, and what the volume then says. */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { errorOf } from './expect-error.ts';
import { run, Scratch, until } from './scratch.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const platform = volumePlatform();
test('a bad block of a file is named exactly, and what lies around it can be read', (context) => {
  skipUnless(context, needsOfBadBlocks);
  const bad = 400 * KiB;
  const { path, content } = fileWithBadBlock(new Scratch(context), bad);
  for (const mode of ['read', 'read-past-cache'] as const) {
    const handle = platform.open(path, mode);
    for (const [offset, length] of [
      [0, MiB],
      [bad - 10_000, 64 * KiB],
      [bad + 100, 10],
      [bad, 4096],
    ] as const) {
      const error = errorOf('read-failed', () => handle.read(Buffer.alloc(length), offset));
      expect(error.range, `${mode} ${offset}+${length}`).toEqual({ start: bad, end: bad + 4096 });
      expect(error.report.where).toBe(`${path}, offset ${bad}, length 4096`);
      expect(error.report.message).toContain('EIO');
    }
    for (const [offset, length] of [
      [0, bad],
      [bad + 4096, MiB - bad - 4096],
    ] as const) {
      const buffer = Buffer.alloc(length);
      handle.read(buffer, offset);
      expect(buffer.equals(content.subarray(offset, offset + length))).toBe(true);
    }
    handle.close();
  }
});

test('a bad block fails a write into it, and is healed by a write over it', (context) => {
  skipUnless(context, needsOfBadBlocks);
  const bad = 400 * KiB;
  const { path, content } = fileWithBadBlock(new Scratch(context), bad);
  const handle = platform.open(path, 'write');
  const error = errorOf('write-failed', () => handle.write(Buffer.alloc(100, 1), bad + 50));
  expect(error.range).toEqual({ start: bad, end: bad + 4096 });
  handle.write(content.subarray(bad - 4096, bad + 8192), bad - 4096);
  handle.flush();
  const buffer = Buffer.alloc(MiB);
  handle.read(buffer, 0);
  expect(buffer.equals(content)).toBe(true);
  handle.close();
});

test('a device whose file was cut short is bad from there on', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const image = scratch.path('image');
  writeFileSync(image, randomBytes(8 * MiB));
  const path = scratch.loop(image);
  truncateSync(image, 5 * MiB + 12 * KiB);
  const handle = platform.open(path, 'read');
  const error = errorOf('read-failed', () => handle.read(Buffer.alloc(8 * MiB), 0));
  expect(error.range).toEqual({ start: 5 * MiB + 12 * KiB, end: 5 * MiB + 16 * KiB });
  const good = Buffer.alloc(5 * MiB + 12 * KiB);
  handle.read(good, 0);
  expect(good.equals(readFileSync(image))).toBe(true);
  handle.close();
});

test('a flush error stays: no later flush of the handle succeeds', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mount'] });
  const scratch = new Scratch(context);
  const small = scratch.mount('none', 'small', '-t', 'tmpfs', '-o', 'size=2M');
  run('truncate', '-s', '8M', `${small}/image`);
  const handle = platform.open(scratch.loop(`${small}/image`), 'write');
  handle.write(randomBytes(7 * MiB), MiB);
  const error = errorOf('flush-failed', () => handle.flush());
  expect(error.report.where).toContain(`offset ${MiB}, length ${7 * MiB}`);
  expect(errorOf('flush-failed', () => handle.flush())).toBe(error);
  rmSync(`${small}/image`);
  expect(errorOf('flush-failed', () => handle.flush())).toBe(error);
  handle.close();
});

test('what failed while it was written out in the background is told by the flush, whatever was written since', async (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mount'] });
  const scratch = new Scratch(context);
  const small = scratch.mount('none', 'small', '-t', 'tmpfs', '-o', 'size=2M');
  run('truncate', '-s', '8M', `${small}/image`);
  const handle = platform.open(scratch.loop(`${small}/image`), 'write');
  handle.write(randomBytes(8 * MiB), 0);
  // Long enough for the background; where it is not, the flush finds the error all the same.
  await sleep(500);
  handle.write(randomBytes(64 * KiB), 0);
  errorOf('flush-failed', () => handle.flush());
  handle.close();
});

test('a full file system is told with the range that found no space', (context) => {
  skipUnless(context, { root: true, commands: ['mount'] });
  const scratch = new Scratch(context);
  const path = `${scratch.mount('none', 'small', '-t', 'tmpfs', '-o', 'size=1M')}/volume`;
  platform.createFile(path, 4 * MiB);
  const handle = platform.open(path, 'write');
  handle.write(randomBytes(512 * KiB), 0);
  const error = errorOf('no-space', () => handle.write(randomBytes(MiB), 512 * KiB));
  expect(error.range?.end).toBe(512 * KiB + MiB);
  expect(error.range?.start).toBeGreaterThanOrEqual(512 * KiB);
  // What was given back can be used again.
  handle.punch({ start: 0, end: MiB + 512 * KiB });
  handle.write(randomBytes(512 * KiB), 2 * MiB);
  handle.close();
});

test('a device set read-only is not opened for writing, nor written by who had it open', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'blockdev'] });
  const scratch = new Scratch(context);
  const path = scratch.loop(scratch.sparseFile('image', MiB));
  // The next to attach something there would inherit it.
  scratch.later(() => run('blockdev', '--setrw', path));
  const handle = platform.open(path, 'write');
  run('blockdev', '--setro', path);
  expect(platform.describe(path).readOnly).toBe(true);
  errorOf('volume-read-only', () => platform.open(path, 'write'));
  errorOf('volume-read-only', () => platform.open(path, 'write-exclusive'));
  errorOf('volume-read-only', () => handle.write(Buffer.alloc(4096), 0));
  handle.close();
  platform.open(path, 'read').close();

  const attachedReadOnly = scratch.loop(scratch.sparseFile('other', MiB), '--read-only');
  expect(platform.describe(attachedReadOnly).readOnly).toBe(true);
  errorOf('volume-read-only', () => platform.open(attachedReadOnly, 'write'));
});

test('a file on a read-only mount, or made immutable, is not opened for writing', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['mkfs.ext4', 'mount', 'chattr'], fileSystems: ['ext4'] });
  const scratch = new Scratch(context);
  const point = scratch.fileSystem('ext4', 16 * MiB);
  for (const name of ['immutable', 'volume']) platform.createFile(`${point}/${name}`, MiB);
  run('chattr', '+i', `${point}/immutable`);
  scratch.later(() => run('chattr', '-i', `${point}/immutable`));
  expect(platform.describe(`${point}/immutable`).readOnly).toBe(true);
  errorOf('volume-read-only', () => platform.open(`${point}/immutable`, 'write'));

  run('mount', '-o', 'remount,ro', point);
  scratch.later(() => run('mount', '-o', 'remount,rw', point));
  expect(platform.describe(`${point}/volume`).readOnly).toBe(true);
  errorOf('volume-read-only', () => platform.open(`${point}/volume`, 'write'));
  errorOf('volume-read-only', () => platform.createFile(`${point}/new`, 1));
  platform.open(`${point}/volume`, 'read').close();
});

test('a file that was cut short while it was open has changed, holes included', (context) => {
  const path = new Scratch(context).sparseFile('volume', MiB);
  const handle = platform.open(path, 'read');
  truncateSync(path, 10_000);
  const error = errorOf('volume-changed', () => handle.read(Buffer.alloc(64 * KiB), 0));
  expect(error.message).toContain('ends at byte 10000');
  errorOf('volume-changed', () => handle.nextData(0, MiB));
  handle.read(Buffer.alloc(10_000), 0);
  expect(handle.nextData(0, 10_000)).toBeNull();
  handle.close();
});

test('a loop device that lost its medium is a lost volume', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const image = scratch.sparseFile('image', MiB);
  const path = scratch.loop(image);
  const handle = platform.open(path, 'read');
  truncateSync(image, 0);
  run('losetup', '--set-capacity', path);
  errorOf('volume-lost', () => handle.read(Buffer.alloc(4096), 0));
  handle.close();
  errorOf('volume-lost', () => platform.describe(path));
  errorOf('volume-lost', () => platform.open(path, 'read'));
});

test('a file whose server died is a lost volume, before and after its mount is gone', async (context) => {
  skipUnless(context, { root: true, commands: ['nbdkit', 'nbdfuse', 'fusermount3'] });
  const scratch = new Scratch(context);
  const socket = scratch.path('socket');
  const point = scratch.path('server');
  run('mkdir', point);
  const server = scratch.start('nbdkit', '--foreground', '--unix', socket, 'memory', '8M');
  await until(() => run('ls', scratch.dir).includes('socket'));
  const mount = scratch.start('nbdfuse', point, '--unix', socket);
  scratch.unmountLater(point);
  await until(() => run('ls', point) === 'nbd');
  const path = `${point}/nbd`;
  const described = platform.describe(path);
  expect(described.network).toMatch(/^fuse/);
  expect(described.footprints.map(({ space }) => space.split(':')[0])).toEqual(['inode', 'network']);

  const handle = platform.open(path, 'write');
  handle.write(randomBytes(64 * KiB), 0);
  handle.flush();
  await server.kill();
  errorOf('volume-lost', () => handle.read(Buffer.alloc(64 * KiB), 4 * MiB));
  errorOf('volume-lost', () => handle.write(Buffer.alloc(64 * KiB), 4 * MiB));
  await mount.kill();
  errorOf('volume-lost', () => handle.read(Buffer.alloc(4096), 0));
  errorOf('volume-lost', () => platform.describe(path));
  errorOf('volume-lost', () => platform.open(path, 'read'));
  handle.close();
});
