/** Content for volumes under test, and ways to read it all. */
import { expect } from 'vitest';
import type { VolumeHandle } from '../../src-main/volumes/volume.ts';

/** Bytes that differ from place to place, and are nowhere zero. */
export function pattern(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = 1 + ((index * 31 + seed * 17 + (index >> 8)) % 255);
  return bytes;
}

/** All bytes of a volume. */
export function readAll(handle: VolumeHandle): Buffer {
  const buffer = Buffer.alloc(handle.sizeBytes, 0xee);
  handle.read(buffer, 0);
  return buffer;
}

/** Reads only where data may be: everywhere else must be zeros. */
export function readThroughData(handle: VolumeHandle): Buffer {
  const content = Buffer.alloc(handle.sizeBytes);
  let at = 0;
  for (;;) {
    const data = handle.nextData(at, handle.sizeBytes);
    if (data === null) return content;
    expect(data.start).toBeGreaterThanOrEqual(at);
    expect(data.end).toBeGreaterThan(data.start);
    handle.read(content.subarray(data.start, data.end), data.start);
    at = data.end;
  }
}
