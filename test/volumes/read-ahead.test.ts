/** What is read past the page cache is read ahead all the same, and what is given is as it would be without. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import { skipUnless } from '../needs.ts';
import { fileWithBadBlock, needsOfBadBlocks } from '../support/bad-block.ts';
import { pattern } from './content.ts';
import { errorOf } from './expect-error.ts';
import { Scratch } from './scratch.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const platform = volumePlatform();

/** How often a device was asked for something (Documentation/block/stat.rst: read I/Os). */
function readsOf(device: string): number {
  const stat = readFileSync(`/sys/block/${device.replace('/dev/', '')}/stat`, 'utf8');
  return Number(stat.trim().split(/\s+/)[0]);
}

test('a device is asked for larger pieces of what is going to be read, and gives the same', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  const content = pattern(9 * MiB + 512);
  writeFileSync(scratch.path('image'), content);
  const path = scratch.loop(scratch.path('image'));
  const readThrough = (length: number): number => {
    const handle = platform.open(path, 'read');
    const before = readsOf(path);
    handle.prefetch({ start: 0, end: content.length });
    const read = Buffer.alloc(content.length);
    for (let at = 0; at < content.length; at += length) handle.read(read.subarray(at, at + length), at);
    handle.close();
    expect(read.equals(content), `in pieces of ${length}`).toBe(true);
    return readsOf(path) - before;
  };
  const pieces = Math.ceil(content.length / (64 * KiB));
  expect(readThrough(64 * KiB)).toBeLessThan(pieces / 2);
  readThrough(100_001);
  readThrough(5 * MiB);
});

test('what is read a second time is what the device holds by then', (context) => {
  skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
  const scratch = new Scratch(context);
  writeFileSync(scratch.path('image'), pattern(MiB));
  const path = scratch.loop(scratch.path('image'));
  const handle = platform.open(path, 'read');
  const piece = Buffer.alloc(64 * KiB);
  handle.prefetch({ start: 0, end: MiB });
  handle.read(piece, 0);
  const writer = platform.open(path, 'write');
  const fresh = pattern(piece.length, 7);
  writer.write(fresh, 0);
  writer.flush();
  writer.close();
  handle.read(piece, 0);
  expect(piece.equals(fresh)).toBe(true);
  handle.close();
});

test('a bad block fails the read that meets it, and none before', (context) => {
  skipUnless(context, needsOfBadBlocks);
  const bad = 400 * KiB;
  const { path, content } = fileWithBadBlock(new Scratch(context), bad);
  const handle = platform.open(path, 'read-past-cache');
  handle.prefetch({ start: 0, end: MiB });
  const piece = Buffer.alloc(64 * KiB);
  for (let at = 0; at < MiB; at += piece.length) {
    if (at <= bad && bad < at + piece.length) {
      const error = errorOf('read-failed', () => handle.read(piece, at));
      expect(error.range).toEqual({ start: bad, end: bad + 4096 });
      continue;
    }
    handle.read(piece, at);
    expect(piece.equals(content.subarray(at, at + piece.length)), `at ${at}`).toBe(true);
  }
  handle.close();
});
