import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clearLeftovers } from './leftovers.ts';
import { skipUnless } from './needs.ts';
import { run, Scratch, scratchName } from './volumes/scratch.ts';

test('a killed test leaves neither its mounts nor its devices to the next run, and a living one keeps them', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['mkfs.ext4', 'mount', 'losetup'], fileSystems: ['ext4'] });
  const living = new Scratch(context);
  const mine = living.fileSystem('ext4', 16 << 20);
  const gone = spawnSync('true').pid;
  const left = join(tmpdir(), `${scratchName}${gone}-left`);
  const image = join(left, 'disk.img');
  const point = join(left, 'a disk');
  mkdirSync(point, { recursive: true });
  run('truncate', '--size', '16M', image);
  run('mkfs.ext4', '-q', '-F', image);
  run('mount', run('losetup', '--find', '--show', image), point);

  clearLeftovers();
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(left);
  expect(run('losetup', '--output', 'BACK-FILE')).not.toContain(left);
  expect(existsSync(left)).toBe(false);
  expect(readFileSync('/proc/mounts', 'utf8')).toContain(mine);
});
