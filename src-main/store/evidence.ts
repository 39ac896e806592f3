/**
 * Whether a volume is the one that an operation was begun on, by what its chunks hold: a device may have got another
 * name since, and another one its name. What a torn write left in a volume is no proof against it.
 */
import type { ByteRange } from '../volumes/volume.ts';
import type { ChunkHistory } from './journal-merge.ts';

/** What the chunks of a pair's volume say. */
export interface Evidence {
  /** One holds data that only that volume should hold there. */
  fits: boolean;
  /** Of one it cannot be told whether it holds what it should. */
  uncertain: boolean;
  /** The first that holds something else; null where none does. */
  other: ByteRange | null;
}

export type Said = 'fits' | 'other' | 'uncertain' | 'nothing';

const sectorBytes = 512;
/** More sectors of one chunk than these are not all garbled by one power cut: most are kept or dropped whole. */
const garbledSectors = 4;

export function isBlank(content: Buffer): boolean {
  return content.every((byte) => byte === 0);
}

/**
 * What the ranges of a chunk say, sector by sector: each holds one of `contents`, which are what the ranges may hold,
 * one after the other, unless it was torn.
 */
export function saidByRanges(chunk: Buffer, ranges: readonly ByteRange[], contents: readonly Buffer[]): Said {
  let at = 0;
  let strange = 0;
  for (const range of ranges) {
    for (let start = range.start; start < range.end; start += sectorBytes) {
      const sector = chunk.subarray(start, Math.min(start + sectorBytes, range.end));
      const from = at;
      at += sector.length;
      if (!contents.some((content) => sector.equals(content.subarray(from, at)))) strange += 1;
      else if (!isBlank(sector)) return 'fits';
    }
  }
  if (strange > garbledSectors) return 'other';
  return strange > 0 ? 'uncertain' : 'nothing';
}

/** Adds what one chunk says to what the others of its pair said. */
export function withSaid(found: Map<number, Evidence>, { pair }: ChunkHistory, said: Said, range: ByteRange): void {
  const known = found.get(pair) ?? { fits: false, uncertain: false, other: null };
  found.set(pair, {
    fits: known.fits || said === 'fits',
    uncertain: known.uncertain || said === 'uncertain',
    other: known.other ?? (said === 'other' ? range : null),
  });
}
