/** Blocks of a replica that its disk does not give: how they are told, and what mends them. */
import type { SiteLetter } from '../contract/phases.ts';
import { describeBytes } from '../contract/wording.ts';
import type { OpenGroup } from './group.ts';

/** Blocks that could not be read, by the pair's number; offsets and lengths in bytes. */
export type Unreadable = readonly { pair: number; offset: number; length: number }[];

/** Blocks that a sentence names. */
const namedBlocks = 3;

/** Where they are: "/dev/b offset 4096, length 4096; …; and 2 more". */
export function placesOfUnreadable({ definition }: OpenGroup, site: SiteLetter, unreadable: Unreadable): string {
  const shown = unreadable.slice(0, namedBlocks).map(({ pair, offset, length }) => {
    const path = definition.pairs.find(({ number }) => number === pair)?.paths[site] ?? '';
    return `${path} offset ${offset}, length ${length}`;
  });
  const more = unreadable.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** "4.00 KiB of Hall B cannot be read (/dev/b offset 4096, length 4096)". */
export function describeUnreadable(group: OpenGroup, site: SiteLetter, unreadable: Unreadable): string {
  const bytes = unreadable.reduce((sum, { length }) => sum + length, 0);
  const where = placesOfUnreadable(group, site, unreadable);
  return `${describeBytes(bytes)} of ${group.definition.siteNames[site]} cannot be read (${where})`;
}

/** What mends them while the source answers; a sentence. */
export function mendUnreadable(name: string): string {
  return `While the source answers, have all of it read and such blocks rewritten from the source: sitepair verify ${name} --repair`;
}
