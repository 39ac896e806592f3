/** Files that compare has saved: what lies in one, and what was put onto a copy. */
import type { Extent } from '../../../contract/comparison.ts';
import { formatBytes } from '../../../contract/figures.ts';
import type { SalvageListing } from '../../../contract/salvage.ts';
import { counted } from '../../../contract/wording.ts';
import { formatMoment } from '../times.ts';
import { mark, section, type Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

export function salvageLines(page: Page, listing: SalvageListing): string[] {
  const { file, fileBytes, groupName, siteName, basePoint, at, pairs } = listing;
  const columns = [
    { title: 'PAIR' },
    { title: 'CHUNKS', align: 'right' },
    { title: 'SAVED', align: 'right' },
    { title: 'OF', align: 'right' },
    { title: 'VOLUME', wraps: true },
  ] as const;
  const rows = pairs.map(({ pairId, saved, sizeBytes, path }) => [
    pairId,
    String(saved.chunks),
    formatBytes(saved.bytes),
    formatBytes(sizeBytes),
    path,
  ]);
  const ranges = pairs.flatMap((pair) =>
    pair.ranges.map(({ offset, length }) => [pair.pairId, String(offset), String(length)]),
  );
  const more = pairs.flatMap(({ pairId, rangesInAll, ranges: listed }) =>
    rangesInAll === listed.length ? [] : [`  and ${rangesInAll - listed.length} more of ${pairId}`],
  );
  const since = basePoint === null ? '' : `, since point ${basePoint}`;
  return [
    ...hang('', mark(page, 'good', `${file} is whole (${formatBytes(fileBytes)}).`), page),
    ...hang('  ', `What ${siteName} held of ${groupName}${since}; saved ${formatMoment(at, page.now)}.`, page),
    ...section(page, 'Pairs', rows.length === 0 ? [] : table(page, columns, rows)),
    ...section(page, 'Ranges (bytes)', ranges.length === 0 ? [] : [...table(page, rangeColumns, ranges), ...more]),
  ];
}

const rangeColumns = [
  { title: 'PAIR' },
  { title: 'OFFSET', align: 'right' },
  { title: 'LENGTH', align: 'right' },
] as const;

export function appliedLines(page: Page, { chunks, bytes }: Extent, copy: string): string[] {
  const said = `${counted(chunks, 'chunk')} (${formatBytes(bytes)}) were put onto ${copy}.`;
  return hang('', mark(page, 'good', said), page);
}
