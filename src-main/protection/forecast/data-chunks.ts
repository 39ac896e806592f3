/** The chunks of a pair that hold data at either side: the others are holes and cost nothing. */
import type { VolumeHandle } from '../../volumes/volume.ts';

/** Chunks from `from` to `to`, exclusive. */
export interface ChunkRange {
  from: number;
  to: number;
}

/** After so many ranges of a volume all that follows is taken for data: to look for holes must not take long. */
const mostRanges = 100_000;

/** Ascending, none touching another. Throws what the volumes throw. */
export function dataChunks(volumes: readonly VolumeHandle[], sizeBytes: number, chunkSize: number): ChunkRange[] {
  const found = volumes.flatMap((volume) => rangesOf(volume, sizeBytes, chunkSize)).sort((a, b) => a.from - b.from);
  const joined: ChunkRange[] = [];
  for (const { from, to } of found) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

function rangesOf(volume: VolumeHandle, sizeBytes: number, chunkSize: number): ChunkRange[] {
  const ranges: ChunkRange[] = [];
  const end = Math.min(sizeBytes, volume.sizeBytes);
  const chunks = Math.ceil(end / chunkSize);
  for (let upTo = 0; upTo < chunks;) {
    const data = volume.nextData(upTo * chunkSize, end);
    if (data === null) break;
    const from = Math.max(upTo, Math.floor(data.start / chunkSize));
    if (ranges.length === mostRanges) return [...ranges, { from, to: chunks }];
    upTo = Math.ceil(data.end / chunkSize);
    ranges.push({ from, to: upTo });
  }
  return ranges;
}
