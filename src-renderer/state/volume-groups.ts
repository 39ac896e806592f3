/** To which group a volume belongs. */
import type { GroupView } from '../../src-main/contract/groups.ts';

/** The name of the group that has this path, by its words: links are not followed. */
export function groupOf(path: string, groups: readonly GroupView[]): string | null {
  const has = ({ pairs, joining = [] }: GroupView): boolean =>
    [...pairs, ...joining].some(({ primaryPath, recoveryPath }) => path === primaryPath || path === recoveryPath);
  return groups.find(has)?.name ?? null;
}
