/**
 * Whether a volume is the one that an operation was begun on, by what its chunks hold: a device may have got another
 * name since, and another one its name. What a torn write left in a volume is no proof against it.
 */
import type { ByteRange } from '../volumes/volume.ts';
import { digest } from './checksum.ts';
import type { ChunkHistory } from './journal-merge.ts';

/** What the chunks of a pair's volume say. */
export interface Evidence {
  /** One holds data that only that volume should hold there. */
  fits: boolean;
  /** Of one it cannot be told whether it holds what it should. */
  uncertain: boolean;
  /** The first that holds something else; null where none does. */
  other: ByteRange | null;
  /** How many hold something else. */
  others: number;
}

export type Said = 'fits' | 'other' | 'uncertain' | 'nothing';

const sectorBytes = 512;
/** More sectors of one chunk than these are not all garbled by one power cut: most are kept or dropped whole. */
export const garbledSectors = 4;

export function isBlank(content: Buffer): boolean {
  return content.every((byte) => byte === 0);
}

/** The sectors in ranges of a chunk, each with where it lies in what the ranges hold, one after the other. */
function* sectorsIn(chunk: Buffer, ranges: readonly ByteRange[]): Generator<{ sector: Buffer; from: number }> {
  let from = 0;
  for (const range of ranges) {
    for (let start = range.start; start < range.end; start += sectorBytes) {
      const sector = chunk.subarray(start, Math.min(start + sectorBytes, range.end));
      yield { sector, from };
      from += sector.length;
    }
  }
}

/**
 * What the ranges of a chunk say of which each sector holds what it does in one of `contents`, or is torn. `complete`:
 * whether those are all that it may hold; else one sector that is as blank as it should be leaves it open.
 */
export function saidByRanges(
  chunk: Buffer,
  ranges: readonly ByteRange[],
  contents: readonly Buffer[],
  complete: boolean,
): Said {
  let strange = 0;
  let blank = 0;
  for (const { sector, from } of sectorsIn(chunk, ranges)) {
    const known = contents.some((content) => sector.equals(content.subarray(from, from + sector.length)));
    if (known && !isBlank(sector)) return 'fits';
    if (known) blank += 1;
    else strange += 1;
  }
  if (strange === 0) return 'nothing';
  return strange > garbledSectors && (complete || blank === 0) ? 'other' : 'uncertain';
}

/**
 * What a chunk says that an open cycle has journalled: it holds what was saved of it, or what was written to it, or a
 * mix of both. Of what was written only the digest is known.
 */
export function saidByJournalled(chunk: Buffer, { entries }: ChunkHistory): Said {
  const held = digest(chunk);
  const known = entries.some(({ record }) => record.oldDigest.equals(held) || record.newDigest.equals(held));
  if (known) return isBlank(chunk) ? 'nothing' : 'fits';
  const parts = entries.filter(({ record }) => record.ranges.length > 0);
  const said = parts.map(({ journal, place, record }) =>
    saidByRanges(chunk, record.ranges, [journal.readContent(place, record)], false),
  );
  if (said.includes('fits')) return 'fits';
  return said.every((one) => one === 'other') ? 'other' : 'uncertain';
}

/** So many chunks, and no other one that fits, are not what power cuts leave of the volume itself. */
export const strangersChunks = 8;

/** Whether a volume can be no other than a foreign one, or one that somebody else has written all over. */
export function isForeign({ fits, others }: Evidence): boolean {
  return !fits && others >= strangersChunks;
}

/** Between two points it is certain what a chunk held, but for those being swapped: one alone may be a stray write. */
export const strangersOnTheWay = 2;

/** As isForeign, of a volume on its way from one point to another. */
export function isForeignOnTheWay({ fits, others }: Evidence): boolean {
  return !fits && others >= strangersOnTheWay;
}

/** Adds what one chunk says to what the others of its pair said. */
export function withSaid(
  found: Map<number, Evidence>,
  { pair }: Pick<ChunkHistory, 'pair'>,
  said: Said,
  range: ByteRange,
): void {
  const known = found.get(pair) ?? { fits: false, uncertain: false, other: null, others: 0 };
  found.set(pair, {
    fits: known.fits || said === 'fits',
    uncertain: known.uncertain || said === 'uncertain',
    other: known.other ?? (said === 'other' ? range : null),
    others: known.others + (said === 'other' ? 1 : 0),
  });
}
