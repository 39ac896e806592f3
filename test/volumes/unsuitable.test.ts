/** Paths that lead to no volume give one clear error, at every door. */
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../src-main/contract/errors.ts';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { skipUnless } from '../needs.ts';
import { errorOf } from './expect-error.ts';
import { run, Scratch } from './scratch.ts';

const platform = volumePlatform();

function refused(path: string, code: ErrorCode, words: string): void {
  const doors = [
    () => platform.describe(path),
    () => platform.open(path, 'read'),
    () => platform.open(path, 'write-exclusive'),
    () => platform.uses(path),
    () => platform.reflink(path, `${path}.clone`),
  ];
  for (const door of doors) expect(errorOf(code, door).message).toContain(words);
}

test('directories, pipes, sockets and devices of characters', async (context) => {
  const scratch = new Scratch(context);
  refused(scratch.dir, 'volume-unsuitable', 'is a directory');
  run('mkfifo', scratch.path('pipe'));
  refused(scratch.path('pipe'), 'volume-unsuitable', 'is a pipe');
  refused('/dev/zero', 'volume-unsuitable', 'is a character device');
  const server = createServer();
  server.listen(scratch.path('socket'));
  await once(server, 'listening');
  scratch.later(() => server.close());
  refused(scratch.path('socket'), 'volume-unsuitable', 'is a socket');
});

test("the kernel's own files", () => {
  refused('/proc/self/mem', 'volume-unsuitable', '(proc)');
  refused('/proc/self/maps', 'volume-unsuitable', '(proc)');
  refused('/sys/kernel/uevent_seqnum', 'volume-unsuitable', '(sysfs)');
});

test('nothing at all, and paths that can lead nowhere', (context) => {
  const scratch = new Scratch(context);
  refused(scratch.path('nothing'), 'volume-lost', 'ENOENT');
  refused(`${scratch.sparseFile('file', 1)}/below`, 'volume-lost', 'ENOTDIR');
  symlinkSync('loop', scratch.path('loop'));
  refused(scratch.path('loop'), 'volume-unsuitable', 'ELOOP');
  refused(scratch.path('x'.repeat(300)), 'volume-unsuitable', 'ENAMETOOLONG');
  refused('a\0b', 'volume-unsuitable', 'is no path');
});

test('a node of a device that is not there', (context) => {
  skipUnless(context, { root: true });
  const scratch = new Scratch(context);
  run('mknod', scratch.path('node'), 'b', '4095', '4095');
  refused(scratch.path('node'), 'volume-lost', '4095:4095');
});

test('what this user may not open', (context) => {
  skipUnless(context, { root: true });
  const scratch = new Scratch(context);
  const path = scratch.sparseFile('volume', 10);
  run('chmod', '755', scratch.dir);
  run('chmod', '600', path);
  process.seteuid?.(65534);
  try {
    const error = errorOf('permission-denied', () => platform.open(path, 'read'));
    expect(error.report.remedy).toContain('root');
    expect(platform.describe(path).sizeBytes).toBe(10);
  } finally {
    process.seteuid?.(0);
  }
});
