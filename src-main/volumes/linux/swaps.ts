/** Swap files and devices in use, from /proc/swaps. */
import { readFileSync } from 'node:fs';
import { spaceAt } from './loops.ts';
import { unescapeOctal } from './mounts.ts';

export interface Swap {
  path: string;
  /** "inode:DEV:INO" or "device:MAJ:MIN"; null where it cannot be seen. */
  space: string | null;
}

/** What the kernel swaps to now. */
export function activeSwaps(): Swap[] {
  return readFileSync('/proc/swaps', 'utf8')
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const escaped = line.split(/\s/)[0] ?? '';
      if (escaped === '') return [];
      const path = unescapeOctal(escaped).replace(/ \(deleted\)$/, '');
      try {
        return [{ path, space: spaceAt(path) }];
      } catch {
        return [{ path, space: null }];
      }
    });
}
