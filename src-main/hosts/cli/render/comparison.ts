/** What a comparison of both sides found, as lines. */
import type { ComparedCounts, ComparedPair, Comparison, ComparedKind, Salvage } from '../../../contract/comparison.ts';
import { formatBytes } from '../../../contract/figures.ts';
import { counted, shellWord } from '../../../contract/wording.ts';
import { section, type Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './text.ts';

/** Ranges of each pair that are printed: all that are kept are in the JSON. */
const rangesShown = 10;

const words: Record<ComparedKind, string> = {
  unchanged: 'changed at neither',
  onlyPrimary: 'changed only at the primary site',
  onlyRecovery: 'changed only at the recovery site',
  both: 'changed at both, to different content',
  same: 'the same at both now, though not as the point had it, or that is not known',
  unknown: 'different, and it is not known who changed it',
};

/** The lines of a comparison: its basis, the figures, where it differs, and what either choice would lose. */
export function comparisonLines(page: Page, comparison: Comparison | undefined): string[] {
  if (comparison === undefined) return [];
  const { basis, pairs, total, choices, salvage } = comparison;
  const shown = pairs.length === 1 ? [] : pairs;
  return [
    ...section(page, 'What both sides had', hang('  ', basis.said, page)),
    ...section(page, 'All volumes', countLines(page, total)),
    ...shown.flatMap((pair) => section(page, `Pair ${pair.pairId}`, countLines(page, pair))),
    ...section(page, 'Where (bytes)', rangeLines(page, pairs)),
    ...section(
      page,
      'What each choice would lose',
      choices.flatMap(({ said }) => hang('  - ', said.join(' '), page)),
    ),
    ...section(page, 'Saved', salvage === undefined ? [] : savedLines(page, salvage)),
  ];
}

/** The command stands on a line of its own, which is never broken: its file may have blanks in its name. */
function savedLines(page: Page, { file, site, saved, fileBytes }: Salvage): string[] {
  const what = `${counted(saved.chunks, 'chunk')} (${formatBytes(saved.bytes)}) of the ${site} site`;
  const where = `${what} are in ${file} (${formatBytes(fileBytes)}). List and verify it with:`;
  return [...hang('  ', where, page), `    sitepair salvage list ${shellWord(file)}`];
}

function countLines(page: Page, counts: ComparedCounts): string[] {
  const columns = [
    { title: 'CHUNKS', align: 'right' },
    { title: 'BYTES', align: 'right' },
    { title: '', wraps: true },
  ] as const;
  const kinds: readonly ComparedKind[] = ['onlyPrimary', 'onlyRecovery', 'both', 'same', 'unknown', 'unchanged'];
  const rows = kinds
    .filter((kind) => counts[kind].chunks > 0)
    .map((kind) => [String(counts[kind].chunks), formatBytes(counts[kind].bytes), words[kind]]);
  return rows.length === 0 ? [] : table(page, columns, rows);
}

function rangeLines(page: Page, pairs: readonly ComparedPair[]): string[] {
  const columns = [
    { title: 'PAIR' },
    { title: 'OFFSET', align: 'right' },
    { title: 'LENGTH', align: 'right' },
    { title: '', wraps: true },
  ] as const;
  const rows = pairs.flatMap(({ pairId, ranges }) =>
    ranges
      .slice(0, rangesShown)
      .map(({ offset, length, kind }) => [pairId, String(offset), String(length), words[kind]]),
  );
  const more = pairs.flatMap(({ pairId, ranges, rangesInAll }) => {
    const left = rangesInAll - Math.min(rangesShown, ranges.length);
    return left === 0 ? [] : [`  and ${left} more of ${pairId}`];
  });
  return rows.length === 0 ? [] : [...table(page, columns, rows), ...more];
}
