/** What a comparison reads, and the file that it makes where one is asked for, in sentences. */
import { siteOfRole } from '../comparison-words.ts';
import type { CheckInput } from './check.ts';

export function compared({ group, context }: CheckInput): string[] {
  const names = group.definition.siteNames;
  const read = `The volumes of ${names.A} and ${names.B} are read and held against each other; none is written.`;
  const { salvage } = context.request;
  if (salvage === undefined) return [read];
  const side = names[siteOfRole(group, salvage.site)];
  return [
    read,
    `Will be made: ${salvage.file} (new), with what ${side} holds where they differ. It is production's data.`,
  ];
}
