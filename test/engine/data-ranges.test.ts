/** Walking through the data of a volume. */
import { expect, test } from 'vitest';
import { DataRanges } from '../../src-main/engine/data-ranges.ts';
import { MemoryVolumes } from '../../src-main/volumes/memory.ts';
import type { ByteRange, VolumeHandle } from '../../src-main/volumes/volume.ts';

const KiB = 1024;

/** A volume of 1 MiB with data in the given ranges, and what is read ahead of it. */
function watched(data: readonly ByteRange[]): { handle: VolumeHandle; ahead: ByteRange[] } {
  const volumes = new MemoryVolumes();
  volumes.createFile('volume', 1024 * KiB);
  const handle = volumes.open('volume', 'write');
  for (const { start, end } of data) handle.write(Buffer.alloc(end - start, 7), start);
  const ahead: ByteRange[] = [];
  handle.prefetch = (range) => {
    ahead.push(range);
  };
  return { handle, ahead };
}

test('data is found and read ahead range by range; holes are neither', () => {
  const { handle, ahead } = watched([
    { start: 64 * KiB, end: 128 * KiB },
    { start: 512 * KiB, end: 640 * KiB },
  ]);
  const ranges = new DataRanges(handle, { start: 0, end: 1024 * KiB });
  const met = [0, 64, 128, 448, 512, 576, 640, 960].filter((at) => ranges.meets(at * KiB, (at + 64) * KiB));
  expect(met).toEqual([64, 512, 576]);
  expect(ahead).toEqual([
    { start: 64 * KiB, end: 128 * KiB },
    { start: 512 * KiB, end: 640 * KiB },
  ]);
});

test('what lies beyond the stretch is left alone', () => {
  const { handle, ahead } = watched([{ start: 64 * KiB, end: 640 * KiB }]);
  const ranges = new DataRanges(handle, { start: 128 * KiB, end: 256 * KiB });
  expect(ranges.meets(128 * KiB, 192 * KiB)).toBe(true);
  expect(ranges.meets(192 * KiB, 256 * KiB)).toBe(true);
  expect(ahead).toEqual([{ start: 128 * KiB, end: 256 * KiB }]);
});
