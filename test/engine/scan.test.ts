/** Going through volumes chunk by chunk, in memory and on real ones. */
import { writeFileSync } from 'node:fs';
import { blake3 } from '@napi-rs/blake-hash';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scanner, zeroDigest, type Strip } from '../../src-main/engine/scan.ts';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import { volumePlatform } from '../../src-main/volumes/platform.ts';
import type { VolumeHandle } from '../../src-main/volumes/volume.ts';
import { skipUnless } from '../needs.ts';
import { contentOf, filling, laneOf, volumeOf, wholeStrip } from '../support/strips.ts';
import { errorOf } from '../volumes/expect-error.ts';
import { pattern } from '../volumes/content.ts';
import { Scratch } from '../volumes/scratch.ts';

const KiB = 1024;

/** What a scan shows of each chunk: its offset, and its content or null for a hole. */
function scanned(handle: VolumeHandle, strip: Strip): { offset: number; data: Buffer | null; length: number }[] {
  const seen: { offset: number; data: Buffer | null; length: number }[] = [];
  new Scanner(laneOf().lane).scan(handle, strip, ({ index, offset, length, data }) => {
    expect(index).toBe(seen.length);
    seen.push({ offset, length, data: data === null ? null : Buffer.from(data) });
  });
  return seen;
}

test('every chunk is visited once, in order, with its content; holes are told and only they', () => {
  const chunkSize = 4 * KiB;
  const chunks = fc.array(filling, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      chunks,
      fc.nat(chunkSize - 1),
      fc.nat(19),
      fc.integer({ min: 1, max: 20 }),
      (kinds, cut, first, count) => {
        const sizeBytes = kinds.length * chunkSize - cut;
        const volumes = new MemoryVolumes();
        volumeOf(volumes, 'volume', kinds, sizeBytes, chunkSize);
        const firstChunk = first % kinds.length;
        const strip = {
          pairIndex: 0,
          firstChunk,
          chunks: Math.min(count, kinds.length - firstChunk),
          chunkSize,
          sizeBytes,
        };
        const seen = scanned(volumes.open('volume', 'read'), strip);
        expect(seen.length).toBe(strip.chunks);
        seen.forEach(({ offset, length, data }, n) => {
          const chunk = firstChunk + n;
          const kind = kinds[chunk] ?? 'hole';
          expect(offset).toBe(chunk * chunkSize);
          expect(length).toBe(Math.min(chunkSize, sizeBytes - offset));
          const content = contentOf(kind, chunk, length);
          if (data === null) expect(content.every((byte) => byte === 0)).toBe(true);
          else expect(data.equals(content)).toBe(true);
          if (kind === 'one' || kind === 'other') expect(data).not.toBeNull();
        });
      },
    ),
  );
});

/** A volume with a hole at its start, middle and end, and data that no chunk border meets. */
const sparse = { sizeBytes: 2048 * KiB + 123, data: [300 * KiB + 7, 1500 * KiB + 1], length: 70_000 } as const;

function expectScannedRight(handle: VolumeHandle, chunkSize: number): number {
  const whole = Buffer.alloc(sparse.sizeBytes);
  for (const at of sparse.data) pattern(sparse.length, at).copy(whole, at);
  const seen = scanned(handle, wholeStrip(sparse.sizeBytes, chunkSize));
  for (const { offset, length, data } of seen) {
    expect((data ?? Buffer.alloc(length)).equals(whole.subarray(offset, offset + length))).toBe(true);
  }
  return seen.filter(({ data }) => data === null).length;
}

describe('real volumes', () => {
  test('a sparse file keeps its holes unread', (context) => {
    const scratch = new Scratch(context);
    const platform = volumePlatform();
    const path = scratch.sparseFile('volume', sparse.sizeBytes);
    const writing = platform.open(path, 'write');
    for (const at of sparse.data) writing.write(pattern(sparse.length, at), at);
    writing.close();
    const handle = platform.open(path, 'read');
    for (const kibibytes of [4, 64, 256, 4096]) {
      const holes = expectScannedRight(handle, kibibytes * KiB);
      if (kibibytes <= 64) expect(holes).toBeGreaterThan(20);
    }
    handle.close();
  });

  test('a loop device is read whole', (context) => {
    skipUnless(context, { root: true, loop: true, commands: ['losetup'] });
    const scratch = new Scratch(context);
    const image = scratch.path('image');
    const content = pattern(1024 * KiB);
    writeFileSync(image, content);
    const handle = volumePlatform().open(scratch.loop(image), 'read');
    const seen = scanned(handle, wholeStrip(handle.sizeBytes, 100 * KiB));
    expect(Buffer.concat(seen.map(({ data }) => data ?? Buffer.alloc(0))).equals(content)).toBe(true);
    handle.close();
  });
});

describe('what ends a scan', () => {
  const chunkSize = 64 * KiB;
  const sizeBytes = 10 * chunkSize + 5000;
  const full = Array.from({ length: 11 }, () => 'one' as const);

  test('a bad range is thrown as the volume names it, after the chunks before it', () => {
    const volumes = new MemoryVolumes();
    const volume = volumeOf(volumes, 'volume', full, sizeBytes, chunkSize);
    const start = 7 * chunkSize + 12 * KiB;
    volume.faults.push({ on: 'read', range: { start: start + 100, end: start + 200 } });
    const visited: number[] = [];
    const scan = (): void => {
      new Scanner(laneOf().lane).scan(volumes.open('volume', 'read'), wholeStrip(sizeBytes, chunkSize), (chunk) => {
        visited.push(chunk.index);
      });
    };
    expect(errorOf('read-failed', scan).range).toEqual({ start, end: start + 4 * KiB });
    expect(visited).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('a cancel is met at the next chunk, also while holes are passed', () => {
    for (const kinds of [full, full.map(() => 'hole' as const)]) {
      const volumes = new MemoryVolumes();
      volumeOf(volumes, 'volume', kinds, sizeBytes, chunkSize);
      const { steering, lane } = laneOf();
      let visited = 0;
      const scan = (): void => {
        new Scanner(lane).scan(volumes.open('volume', 'read'), wholeStrip(sizeBytes, chunkSize), () => {
          visited += 1;
          if (visited === 4) steering.cancel();
        });
      };
      expect(scan).toThrow('The run was stopped by the operator.');
      expect(visited).toBe(4);
    }
  });

  test('a volume that became shorter than its logical size has changed', () => {
    const volumes = new MemoryVolumes();
    const volume = volumeOf(volumes, 'volume', full, sizeBytes, chunkSize);
    const handle = volumes.open('volume', 'read');
    volume.bytes.sizeBytes = sizeBytes - 1;
    errorOf('volume-changed', () => scanned(handle, wholeStrip(sizeBytes, chunkSize)));
  });
});

test('digests of zeros are those of BLAKE3, whatever the length', () => {
  for (const length of [1, 4096, 5000, 262_144]) {
    expect(zeroDigest(length).equals(blake3(Buffer.alloc(length)))).toBe(true);
  }
});
