/** The conformance suite of Disk, which the real folder and the simulation's disk both pass. */
import { randomBytes, randomFillSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { disks } from './disks.ts';
import { refused } from './refused.ts';

describe.each(disks)('%s', (_, make) => {
  test('a created file holds zeros of its size', (context) => {
    const file = make(context).create('a', 5000);
    const content = Buffer.alloc(5000, 1);
    file.read(content, 0);
    expect(file.size()).toBe(5000);
    expect(content.equals(Buffer.alloc(5000))).toBe(true);
    file.close();
  });

  test('what is written is read back, also through another handle and across pages', (context) => {
    const disk = make(context);
    const content = Buffer.from(Array.from({ length: 9000 }, (__, n) => n % 251));
    const file = disk.create('a', 0);
    file.write(content, 3000);
    file.flush();
    file.close();
    const again = disk.open('a');
    const found = Buffer.alloc(12_000, 9);
    again.read(found, 0);
    expect(again.size()).toBe(12_000);
    expect(found.equals(Buffer.concat([Buffer.alloc(3000), content]))).toBe(true);
    again.close();
  });

  test('large pieces between small ones, in whole pages and not, are read back at once and later', (context) => {
    const disk = make(context);
    const content = randomBytes(5 << 20);
    const file = disk.create('a', 4096);
    let offset = 0;
    for (const length of [4096, 1_310_720, 512, 131_072, 3584, 131_073, 2_490_368, 1023]) {
      file.write(content.subarray(offset, offset + length), offset);
      const found = Buffer.alloc(length);
      file.read(found, offset);
      expect(found.equals(content.subarray(offset, offset + length)), `${length} bytes at ${offset}`).toBe(true);
      offset += length;
    }
    // Over what went past the cache, and over what did not.
    for (const [at, length] of [
      [8192, 100],
      [0, 262_144],
    ] as const) {
      randomFillSync(content, at, length);
      file.write(content.subarray(at, at + length), at);
    }
    file.flush();
    file.close();
    const again = disk.open('a');
    const found = Buffer.alloc(offset);
    again.read(found, 0);
    expect(again.size()).toBe(offset);
    expect(found.equals(content.subarray(0, offset))).toBe(true);
    again.close();
  });

  test('reading past the end is refused as damage', (context) => {
    const file = make(context).create('a', 100);
    expect(refused('store-damaged', () => file.read(Buffer.alloc(2), 99))).toContain('a');
    file.close();
  });

  test('a name is created once', (context) => {
    const disk = make(context);
    disk.create('a', 1).close();
    expect(() => disk.create('a', 1)).toThrow();
    expect(disk.list()).toEqual(['a']);
  });

  test('a file that is missing is refused as damage', (context) => {
    const disk = make(context);
    expect(disk.exists('a')).toBe(false);
    expect(refused('store-damaged', () => disk.open('a'))).toContain('a');
  });

  test('removing forgets the name, may be repeated, and leaves open handles readable', (context) => {
    const disk = make(context);
    const file = disk.create('a', 0);
    file.write(Buffer.from('kept'), 0);
    disk.remove('a');
    disk.remove('a');
    disk.flushNames();
    expect(disk.list()).toEqual([]);
    const found = Buffer.alloc(4);
    file.read(found, 0);
    expect(found.toString()).toBe('kept');
    file.close();
  });

  test('a name may be made again with other content', (context) => {
    const disk = make(context);
    disk.create('a', 700).close();
    disk.remove('a');
    const file = disk.create('a', 3);
    expect(file.size()).toBe(3);
    file.close();
    disk.flushNames();
    expect(disk.list()).toEqual(['a']);
  });
});
