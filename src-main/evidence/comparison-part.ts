/** What a comparison of both sides found, for the report of its run: what changed where, and what each choice loses. */
import type { ComparedKind, Comparison } from '../contract/comparison.ts';
import { formatBytes } from '../contract/figures.ts';
import { html, list, nothing, table, type Markup } from './markup.ts';

const words: readonly (readonly [ComparedKind, string])[] = [
  ['onlyPrimary', 'changed only at the primary site'],
  ['onlyRecovery', 'changed only at the recovery site'],
  ['both', 'changed at both, to different content'],
  ['same', 'the same at both now'],
  ['unknown', 'different, and it is not known who changed it'],
  ['unchanged', 'changed at neither'],
];

export function comparisonPart(comparison: Comparison | undefined): Markup {
  if (comparison === undefined) return nothing;
  const { basis, pairs, choices, salvage } = comparison;
  const rows = pairs.flatMap((pair) =>
    words
      .filter(([kind]) => pair[kind].chunks > 0)
      .map(([kind, said]) => [pair.pairId, said, `${pair[kind].chunks}`, formatBytes(pair[kind].bytes)]),
  );
  const saved =
    salvage === undefined ? [] : [`The chunks of the ${salvage.site} site that differ are saved in ${salvage.file}.`];
  return html`<p>${basis.said}</p>
    ${table(['Pair', 'What', 'Chunks', 'Bytes'], rows)}${list([...choices.map(({ said }) => said.join(' ')), ...saved])}`;
}
