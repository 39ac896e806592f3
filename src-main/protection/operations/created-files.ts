/** Target files that a seed made, and that go again with it. */
import fs from 'node:fs';
import type { SiteLetter } from '../../contract/phases.ts';
import type { OpenGroup } from '../group.ts';

/** Removes the files of the given pairs at a site. A file that is not there any more is fine. */
export function removeCreated(group: OpenGroup, site: SiteLetter, numbers: readonly number[]): void {
  for (const pair of group.definition.pairs) {
    if (numbers.includes(pair.number)) fs.rmSync(pair.paths[site], { force: true });
  }
}
