/** What a point lacks that no cycle made, the same on screens and in messages. */
import type { PointKind } from './groups.ts';

/**
 * Half a sentence. `since`: since when the site has not been in production, between commas; empty where that is not
 * known. `copied`: nothing goes to the point, it is only copied.
 */
export function lackOfKept(kind: Exclude<PointKind, 'cycle'>, site: string, since: string, copied = false): string {
  const [become, it, gone] = copied ? ['It is', 'it', 'is not in it'] : ['The volumes become', 'that', 'is lost'];
  switch (kind) {
    case 'before-protect':
      return `${become} what ${site} held before its volumes were protected: nothing of production is in ${it}`;
    case 'as-left':
    case 'before-reprotect':
      return `What was written elsewhere since ${site} lost its role${since} ${gone}`;
    case 'before-undo':
    case 'before-change':
      return `${become} what production at ${site} held before the ${kind === 'before-undo' ? 'undo' : 'change of point'}: what was written elsewhere since ${gone}`;
  }
}
