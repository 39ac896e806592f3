/** What is done with a salvage file: it is listed, all of it verified; or a pair of it is put onto a copy. */
import { SitepairError } from '../../contract/errors.ts';
import type { Extent } from '../../contract/comparison.ts';
import type { SalvageListing } from '../../contract/salvage.ts';
import type { GroupDefinition } from '../../store/record.ts';
import { assertLargeEnough } from '../../volumes/large-enough.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { assertCopy } from './place.ts';
import { SalvageFile } from './reader.ts';

/** Ranges of a pair that are listed. */
const rangesListed = 100;

/** Called between chunks; throws to stop. */
type Checkpoint = (bytes: number) => void;

/** Reads all of a file. Throws what SalvageFile throws. */
export function listSalvage(path: string, checkpoint: Checkpoint = () => undefined): SalvageListing {
  const file = SalvageFile.open(path);
  try {
    return listingOf(file, checkpoint);
  } finally {
    file.close();
  }
}

function listingOf(file: SalvageFile, checkpoint: Checkpoint): SalvageListing {
  const { group, site, siteName, basePoint, at, pairs } = file.head;
  const listed = new Map(
    pairs.map(({ number, id, path, sizeBytes }) => [
      number,
      { pairId: id, path, sizeBytes, saved: { chunks: 0, bytes: 0 }, ranges: noRanges(), rangesInAll: 0, end: -1 },
    ]),
  );
  for (const { pair, offset, length } of file.chunks()) {
    checkpoint(length);
    const one = listed.get(pair);
    if (one === undefined) continue;
    one.saved.chunks += 1;
    one.saved.bytes += length;
    const joins = one.end === offset;
    one.end = offset + length;
    if (!joins) one.rangesInAll += 1;
    const last = one.ranges.at(-1);
    if (joins && last !== undefined && one.rangesInAll === one.ranges.length) last.length += length;
    else if (!joins && one.ranges.length < rangesListed) one.ranges.push({ offset, length });
  }
  return {
    file: file.path,
    fileBytes: file.sizeBytes,
    groupName: group.name,
    site,
    siteName,
    basePoint,
    at,
    pairs: [...listed.values()].map(({ pairId, path, sizeBytes, saved, ranges, rangesInAll }) => ({
      pairId,
      path,
      sizeBytes,
      saved,
      ranges,
      rangesInAll,
    })),
  };
}

function noRanges(): { offset: number; length: number }[] {
  return [];
}

/**
 * Puts the chunks of a pair onto a copy of its volume, once all of the file was found whole. Gives what was written.
 * Throws what SalvageFile, `assertCopy` and the volume throw, and `pair-unknown`.
 */
export function applySalvage(
  request: { file: string; pairId: string; copy: string },
  groups: readonly GroupDefinition[],
  platform: VolumePlatform,
): { groupName: string; written: Extent } {
  const { file: path, pairId, copy } = request;
  const file = SalvageFile.open(path);
  try {
    const pair = file.head.pairs.find(({ id }) => id === pairId);
    if (pair === undefined) throw unknownPair(file, pairId);
    assertCopy(copy, groups, platform);
    listingOf(file, () => undefined);
    const volume = platform.open(copy, 'write-exclusive');
    try {
      assertLargeEnough(volume, pair.sizeBytes);
      const written = { chunks: 0, bytes: 0 };
      for (const chunk of file.chunks()) {
        if (chunk.pair !== pair.number) continue;
        volume.write(chunk.content ?? Buffer.alloc(chunk.length), chunk.offset);
        written.chunks += 1;
        written.bytes += chunk.length;
      }
      volume.flush();
      return { groupName: file.head.group.name, written };
    } finally {
      volume.close();
    }
  } finally {
    file.close();
  }
}

function unknownPair(file: SalvageFile, pairId: string): SitepairError {
  return new SitepairError({
    code: 'pair-unknown',
    message: `${file.path} has no pair ${pairId}.`,
    where: pairId,
    remedy: `Its pairs are: ${file.head.pairs.map(({ id }) => id).join(', ')}.`,
  });
}
