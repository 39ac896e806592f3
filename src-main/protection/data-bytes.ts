/** How much of a volume has to be read: what lies in holes is passed over in no time, and says nothing of the rest. */
import type { VolumePlatform } from '../volumes/volume.ts';

/** After so many ranges the rest is taken to be like what came before: asking must take no time. */
const mostRanges = 4096;

/**
 * Bytes in chunks that hold data, in the first `sizeBytes` of a volume; all of them where it cannot tell, or cannot be
 * looked at.
 */
export function dataBytes(platform: VolumePlatform, path: string, sizeBytes: number, chunkSize: number): number {
  let handle;
  try {
    handle = platform.open(path, 'read');
  } catch {
    return sizeBytes;
  }
  try {
    const end = Math.min(sizeBytes, handle.sizeBytes);
    let bytes = 0;
    let upTo = 0;
    for (let ranges = 0; ranges < mostRanges; ranges += 1) {
      const data = handle.nextData(upTo, end);
      if (data === null) return bytes;
      const from = Math.max(upTo, Math.floor(data.start / chunkSize) * chunkSize);
      upTo = Math.min(end, Math.ceil(data.end / chunkSize) * chunkSize);
      bytes += upTo - from;
      if (upTo >= end) return bytes;
    }
    return Math.min(sizeBytes, Math.round((bytes / upTo) * end));
  } catch {
    return sizeBytes;
  } finally {
    handle.close();
  }
}
