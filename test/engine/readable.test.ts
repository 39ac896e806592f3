/** Reading around what a failing device does not give: as little as possible is lost, and it comes to an end. */
import { blake3 } from '@napi-rs/blake-hash';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Comparer } from '../../src-main/engine/compare.ts';
import { digestOf } from '../../src-main/engine/knowledge.ts';
import { mostUnreadInARow, Scanner } from '../../src-main/engine/scan.ts';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import { readAround } from '../../src-main/volumes/readable.ts';
import type { ByteRange, VolumeHandle } from '../../src-main/volumes/volume.ts';
import { laneOf, mapOf, volumeOf, wholeStrip, type Filling } from '../support/strips.ts';
import { pattern } from '../volumes/content.ts';
import { errorOf } from '../volumes/expect-error.ts';

const sector = 512;

/** Ranges of these sectors, neighbours joined, cut at the volume's end. */
function rangesOf(sectors: readonly number[], sizeBytes: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (const n of [...new Set(sectors)].sort((a, b) => a - b)) {
    const [start, end] = [n * sector, Math.min(sizeBytes, (n + 1) * sector)];
    const last = ranges.at(-1);
    if (last?.end === start) last.end = end;
    else ranges.push({ start, end });
  }
  return ranges;
}

function badVolume(sizeBytes: number, sectors: readonly number[]): { handle: VolumeHandle; content: Buffer } {
  const volumes = new MemoryVolumes();
  const volume = volumes.add('volume', sizeBytes);
  const content = pattern(sizeBytes, 1);
  const writing = volumes.open('volume', 'write');
  writing.write(content, 0);
  writing.close();
  volume.faults = rangesOf(sectors, sizeBytes).map((range) => ({ on: 'read', range }));
  return { handle: volumes.open('volume', 'read'), content };
}

const sizes = fc.integer({ min: 1, max: 30_000 });
const someSectors = fc.array(fc.nat(60), { maxLength: 20 });

test('exactly the bad sectors are left out, wherever the reading begins and ends', () => {
  fc.assert(
    fc.property(sizes, someSectors, fc.nat(), fc.nat(), (sizeBytes, wanted, a, b) => {
      const sectors = wanted.filter((n) => n * sector < sizeBytes);
      const { handle, content } = badVolume(sizeBytes, sectors);
      const offset = a % sizeBytes;
      const length = 1 + (b % (sizeBytes - offset));
      const buffer = Buffer.alloc(length);
      const unread = readAround(handle, buffer, offset, () => undefined);
      const end = offset + length;
      const expected = rangesOf(sectors, sizeBytes)
        .map((range) => ({ start: Math.max(range.start, offset), end: Math.min(range.end, end) }))
        .filter((range) => range.start < range.end);
      expect(unread).toEqual(expected);
      for (const range of unread) content.copy(buffer, range.start - offset, range.start, range.end);
      expect(buffer.equals(content.subarray(offset, end))).toBe(true);
    }),
  );
});

test('each piece is asked for a bounded number of times, and a cancel is heard between two', () => {
  const sizeBytes = 16 << 10;
  const { handle } = badVolume(
    sizeBytes,
    Array.from({ length: 32 }, (_, n) => n),
  );
  let asked = 0;
  const unread = readAround(handle, Buffer.alloc(sizeBytes), 0, () => {
    asked += 1;
  });
  expect(unread).toEqual([{ start: 0, end: sizeBytes }]);
  expect(asked).toBe(4 + 32);
  let heard = 0;
  const stop = (): void => {
    heard += 1;
    if (heard === 3) throw new Error('cancelled');
  };
  expect(() => readAround(handle, Buffer.alloc(sizeBytes), 0, stop)).toThrow('cancelled');
  expect(heard).toBe(3);
});

test('a volume that is lost is no bad sector', () => {
  const volumes = new MemoryVolumes();
  volumes.add('volume', 8192).faults = [{ on: 'read', range: { start: 4096, end: 8192 }, code: 'volume-lost' }];
  const handle = volumes.open('volume', 'read');
  errorOf('volume-lost', () => readAround(handle, Buffer.alloc(8192), 0, () => undefined));
});

test('a volume that gives nothing any more is not gone through to its end', () => {
  const chunkSize = 1 << 20;
  const sizeBytes = mostUnreadInARow + 4 * chunkSize;
  const volumes = new MemoryVolumes();
  volumes.add('volume', sizeBytes, { kind: 'block-device' }).faults = [
    { on: 'read', range: { start: chunkSize, end: sizeBytes } },
  ];
  const handle = volumes.open('volume', 'read');
  const seen: number[] = [];
  const scan = (): void => {
    const visit = ({ index }: { index: number }): void => {
      seen.push(index);
    };
    new Scanner(laneOf().lane).scan(handle, wholeStrip(sizeBytes, chunkSize), visit, 'read-around');
  };
  expect(scan).toThrow(/looks lost, not damaged in places/);
  expect(seen).toHaveLength(mostUnreadInARow / chunkSize);
});

test('what a comparison gives is the source with the old content where that is bad, and digests of it', () => {
  const chunkSize = 4096;
  fc.assert(
    fc.property(sizes, someSectors, fc.boolean(), (sizeBytes, wanted, mapped) => {
      const sectors = wanted.filter((n) => n * sector < sizeBytes);
      const { handle: source, content } = badVolume(sizeBytes, sectors);
      const chunks = Array.from({ length: Math.ceil(sizeBytes / chunkSize) }, (_, n): Filling => {
        return n % 3 === 0 ? 'zeros' : 'one';
      });
      const volumes = new MemoryVolumes();
      volumeOf(volumes, 'target', chunks, sizeBytes, chunkSize);
      const target = volumes.open('target', 'write');
      const known = mapOf(chunks, sizeBytes, chunkSize);
      if (!mapped) known.states.fill(0);
      const old = Buffer.alloc(sizeBytes);
      target.read(old, 0);
      const unread: ByteRange[] = [];
      const { steering, lane } = laneOf();
      const found = new Comparer(lane).compare({
        strip: wholeStrip(sizeBytes, chunkSize),
        source,
        target,
        known,
        digests: true,
        onUnread: (range) => unread.push({ ...range }),
        onDifference: ({ offset, fresh }) => target.write(fresh, offset),
      });
      const expected = Buffer.from(content);
      for (const { start, end } of rangesOf(sectors, sizeBytes)) old.copy(expected, start, start, end);
      const present = Buffer.alloc(sizeBytes);
      target.read(present, 0);
      expect(present.equals(expected)).toBe(true);
      chunks.forEach((_, n) => {
        const chunk = expected.subarray(n * chunkSize, Math.min(sizeBytes, (n + 1) * chunkSize));
        if (chunk.some((byte) => byte !== 0)) expect(digestOf(found, n).equals(blake3(chunk))).toBe(true);
      });
      const bytes = rangesOf(sectors, sizeBytes).reduce((sum, { start, end }) => sum + end - start, 0);
      expect(unread.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(bytes);
      expect(steering.figures(0).bytesUnread).toBe(bytes);
    }),
  );
});
