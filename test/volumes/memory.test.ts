/** The in-memory volumes fail as planned, and in the way that real ones do. */
import { expect, test } from 'vitest';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import { overlap } from '../../src-main/volumes/volume.ts';
import { pattern, readAll } from './content.ts';
import { errorOf } from './expect-error.ts';

const KiB = 1024;

test('a planned read error names its block and leaves the rest readable', () => {
  const platform = new MemoryVolumes();
  platform.add('v', 64 * KiB).faults.push({ on: 'read', range: { start: 10_000, end: 10_001 } });
  const handle = platform.open('v', 'read');
  expect(errorOf('read-failed', () => readAll(handle)).range).toEqual({ start: 8192, end: 12_288 });
  handle.read(Buffer.alloc(10_000), 0);
  handle.read(Buffer.alloc(1000), 10_001);
});

test('a planned write error keeps what lies before its block', () => {
  const platform = new MemoryVolumes();
  const volume = platform.add('v', 64 * KiB);
  volume.faults.push({ on: 'write', range: { start: 8192, end: 8193 }, code: 'no-space' });
  const handle = platform.open('v', 'write');
  const error = errorOf('no-space', () => handle.write(pattern(20_000), 0));
  expect(error.range).toEqual({ start: 8192, end: 12_288 });
  const expected = Buffer.alloc(64 * KiB);
  pattern(20_000).copy(expected, 0, 0, 8192);
  expect(readAll(handle).equals(expected)).toBe(true);
  volume.faults = [{ on: 'write' }];
  expect(errorOf('write-failed', () => handle.write(pattern(1), 0)).range).toEqual({ start: 0, end: 4096 });
});

test('a planned flush error stays with its handle', () => {
  const platform = new MemoryVolumes();
  const volume = platform.add('v', 64 * KiB);
  volume.faults.push({ on: 'flush' });
  const handle = platform.open('v', 'write');
  const error = errorOf('flush-failed', () => handle.flush());
  volume.faults = [];
  expect(errorOf('flush-failed', () => handle.flush())).toBe(error);
  platform.open('v', 'write').flush();
});

test('volumes can be lost, cut short and set read-only while they are open', () => {
  const platform = new MemoryVolumes();
  const volume = platform.add('v', 64 * KiB);
  const handle = platform.open('v', 'write');
  volume.readOnly = true;
  errorOf('volume-read-only', () => handle.write(pattern(1), 0));
  errorOf('volume-read-only', () => platform.open('v', 'write'));
  volume.bytes.sizeBytes = 1000;
  errorOf('volume-changed', () => handle.read(Buffer.alloc(1001), 0));
  errorOf('volume-changed', () => handle.nextData(0, 64 * KiB));
  volume.lost = true;
  errorOf('volume-lost', () => handle.read(Buffer.alloc(1), 0));
  errorOf('volume-lost', () => platform.describe('v'));
});

test('planned uses, links and traits are told, and uses keep exclusive handles away', () => {
  const platform = new MemoryVolumes();
  const volume = platform.add('v', 64 * KiB, { kind: 'block-device', network: 'nfs4 host:/x', serial: 'S1' });
  platform.link('alias', 'v');
  expect(overlap(platform.describe('v'), platform.describe('alias'))).toBe(true);
  expect(platform.describe('v')).toMatchObject({ kind: 'block-device', network: 'nfs4 host:/x', serial: 'S1' });
  volume.uses.push({ by: 'mount', detail: 'mounted at /srv', writes: true });
  expect(platform.uses('alias')).toEqual(volume.uses);
  expect(errorOf('blocked', () => platform.open('v', 'write-exclusive')).message).toContain('mounted at /srv');
});

test('clones are independent, and can be switched off', () => {
  const platform = new MemoryVolumes();
  platform.add('v', 64 * KiB).bytes.write(pattern(100), 0);
  expect(platform.reflink('v', 'clone')).toBe(true);
  platform.volume('v').bytes.write(Buffer.alloc(100), 0);
  expect(readAll(platform.open('clone', 'read')).subarray(0, 100).equals(pattern(100))).toBe(true);
  errorOf('volume-unsuitable', () => platform.reflink('v', 'clone'));
  const without = new MemoryVolumes({ reflinks: false });
  without.add('v', 10);
  expect(without.reflink('v', 'clone')).toBe(false);
});

test('a terabyte costs what is written to it', () => {
  const platform = new MemoryVolumes();
  platform.createFile('v', 2 ** 40);
  const handle = platform.open('v', 'write');
  handle.write(pattern(5000), 2 ** 39 + 1);
  expect(handle.nextData(0, 2 ** 40)).toEqual({ start: 2 ** 39, end: 2 ** 39 + 8192 });
  expect(handle.nextData(2 ** 39 + 8192, 2 ** 40)).toBeNull();
});
