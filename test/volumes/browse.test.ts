import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { browse } from '../../src-main/volumes/browse.ts';
import { refused } from '../store/refused.ts';
import { Scratch } from './scratch.ts';

test('directories come first, then what may be a volume, with its size; a link is what it leads to', (context) => {
  const scratch = new Scratch(context);
  mkdirSync(scratch.path('below'));
  writeFileSync(scratch.path('b.img'), 'four');
  writeFileSync(scratch.path('a.img'), '');
  symlinkSync(scratch.path('b.img'), scratch.path('link.img'));
  symlinkSync('/nowhere', scratch.path('broken'));
  const listing = browse(scratch.dir);
  expect(listing.entries.map(({ name, kind, sizeBytes }) => [name, kind, sizeBytes])).toEqual([
    ['below', 'directory', null],
    ['a.img', 'file', 0],
    ['b.img', 'file', 4],
    ['link.img', 'file', 4],
  ]);
  expect(listing.parent).not.toBeNull();
  expect(browse('/').parent).toBeNull();
  const [, , , free] =
    execFileSync('df', ['--block-size=1', '--output=size,used,pcent,avail', scratch.dir], {
      encoding: 'utf8',
    })
      .split('\n')[1]
      ?.trim()
      .split(/\s+/) ?? [];
  expect(Math.abs(listing.freeBytes - Number(free))).toBeLessThan(1 << 28);
  expect(listing.fileSystem).toBe(execFileSync('stat', ['--format', '%d', scratch.dir], { encoding: 'utf8' }).trim());
});

test('what is no directory is refused with a remedy', (context) => {
  const scratch = new Scratch(context);
  writeFileSync(scratch.path('file'), '');
  for (const path of [scratch.path('file'), scratch.path('gone')]) refused('invalid-input', () => browse(path));
  expect(browse(scratch.dir).more).toBe(0);
});
