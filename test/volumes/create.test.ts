/** Making files and clones: durable, private, and nothing left behind where it fails. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { type Command, skipUnless } from '../needs.ts';
import { pattern } from './content.ts';
import { errorOf } from './expect-error.ts';
import { Scratch } from './scratch.ts';

const MiB = 1024 * 1024;
const platform = volumePlatform();

test('a new file is sparse, private and of exactly that size', (context) => {
  const scratch = new Scratch(context);
  for (const size of [0, 1, 12_345, 2 ** 36]) {
    const path = scratch.path(`volume ${size}`);
    platform.createFile(path, size);
    const stat = statSync(path);
    expect(stat.size).toBe(size);
    expect(stat.mode & 0o777).toBe(0o600);
    expect(stat.blocks * 512).toBeLessThan(64 * 1024);
  }
});

test('a volume without a byte can be described and opened', (context) => {
  const path = new Scratch(context).path('empty');
  platform.createFile(path, 0);
  expect(platform.describe(path).sizeBytes).toBe(0);
  for (const mode of ['write', 'read-past-cache'] as const) {
    const handle = platform.open(path, mode);
    expect(handle.nextData(0, 0)).toBeNull();
    handle.read(Buffer.alloc(0), 0);
    handle.flush();
    errorOf('volume-changed', () => handle.read(Buffer.alloc(1), 0));
    handle.close();
  }
});

test('what is there already is never replaced', (context) => {
  const scratch = new Scratch(context);
  writeFileSync(scratch.path('file'), 'content');
  symlinkSync(scratch.path('nowhere'), scratch.path('dangling'));
  for (const name of ['file', 'dangling', '.']) {
    errorOf('volume-unsuitable', () => platform.createFile(scratch.path(name), 10));
  }
  expect(readFileSync(scratch.path('file'), 'utf8')).toBe('content');
  expect(existsSync(scratch.path('nowhere'))).toBe(false);
});

test('no file is made where devices lie, or in what the system keeps in memory for itself', () => {
  for (const path of ['/dev/sitepair-test', '/dev/shm/sitepair-test', '/proc/sitepair-test', '/sys/sitepair-test']) {
    errorOf('volume-lost', () => platform.createFile(path, 10));
    expect(existsSync(path)).toBe(false);
  }
});

test('a new file has one name', (context) => {
  const scratch = new Scratch(context);
  const path = scratch.path('volume');
  platform.createFile(path, 10);
  expect(readdirSync(scratch.dir)).toEqual(['volume']);
});

test('what cannot be made leaves nothing behind', (context) => {
  const scratch = new Scratch(context);
  errorOf('volume-lost', () => platform.createFile(scratch.path('missing/volume'), 10));
  errorOf('volume-unsuitable', () => platform.createFile(scratch.path('volume'), Number.MAX_SAFE_INTEGER - 1));
  errorOf('volume-unsuitable', () => platform.createFile(scratch.path('volume'), 1.5));
  errorOf('volume-unsuitable', () => platform.createFile(scratch.path('volume'), -1));
  expect(readdirSync(scratch.dir)).toEqual([]);
});

const sharing: [string, Command][] = [
  ['xfs', 'mkfs.xfs'],
  ['btrfs', 'mkfs.btrfs'],
];
for (const [type, command] of sharing) {
  test(`a clone on ${type} shares blocks and goes its own way`, (context) => {
    skipUnless(context, { root: true, loop: true, commands: [command, 'losetup', 'mount'], fileSystems: [type] });
    const point = new Scratch(context).fileSystem(type, 320 * MiB);
    const [from, to] = [`${point}/from`, `${point}/to`];
    writeFileSync(from, pattern(MiB), { mode: 0o600 });
    expect(platform.reflink(from, to)).toBe(true);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const handle = platform.open(to, 'write');
    handle.write(Buffer.alloc(10), 100);
    handle.flush();
    handle.close();
    expect(readFileSync(from).equals(pattern(MiB))).toBe(true);
    const changed = pattern(MiB);
    changed.fill(0, 100, 110);
    expect(readFileSync(to).equals(changed)).toBe(true);
    errorOf('volume-unsuitable', () => platform.reflink(from, to));
    expect(readFileSync(to).equals(changed)).toBe(true);
  });
}

test('no clone where the file system, the pair of them, or the kind of volume has none', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup', 'mkfs.ext4', 'mount'], fileSystems: ['ext4'] });
  const scratch = new Scratch(context);
  const point = scratch.fileSystem('ext4', 16 * MiB);
  writeFileSync(`${point}/from`, pattern(MiB));
  for (const to of [`${point}/to`, scratch.path('to')]) {
    expect(platform.reflink(`${point}/from`, to)).toBe(false);
    expect(existsSync(to)).toBe(false);
  }
  expect(platform.reflink(scratch.loop(scratch.sparseFile('image', MiB)), scratch.path('to'))).toBe(false);
});
