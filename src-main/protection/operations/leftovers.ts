/**
 * Files beside the volumes that nobody needs any more: clones, and versions that had been set aside. The record names
 * them before the first is removed, so that a run that is killed in between leaves none for good; only files that it
 * names are removed, as another one of such a name may be the only copy of something.
 */
import fs from 'node:fs';
import type { SiteLetter } from '../../contract/phases.ts';
import { counted } from '../../contract/wording.ts';
import type { SiteRecord } from '../../store/record.ts';
import { silentOf } from '../../volumes/linux/silence.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import { warnOf, type RunContext } from '../run-context.ts';
import { volumeBeside } from './promoted-clones.ts';

/** What a record says of leftovers once these files are not needed any more. */
export function leftoversWith({ leftovers }: SiteRecord, files: readonly string[]): Pick<SiteRecord, 'leftovers'> {
  return { leftovers: [...new Set([...leftovers, ...files])] };
}

/** Removes what lies beside a volume that is there; what does not answer, or is not mounted, waits. */
function removeAt(group: OpenGroup, context: RunContext, site: SiteLetter): void {
  const record = group.recordOf(site);
  if (record === null || record.leftovers.length === 0 || record.machine.id !== group.machine.id) return;
  const silent = silentOf(record.leftovers, 'volume');
  const left = record.leftovers.filter((file) => {
    if (silent.includes(file) || !fs.existsSync(volumeBeside(file))) return true;
    try {
      fs.rmSync(file, { force: true });
      return false;
    } catch {
      return true;
    }
  });
  if (left.length < record.leftovers.length) group.storeOf(site).update({ leftovers: left }, context.now());
  if (left.length === 0) return;
  context.reporter.warn(
    `${counted(left.length, 'file')} beside the volumes of ${group.definition.siteNames[site]} could not be removed, though not needed any more; later commands try again: ${left.join(', ')}`,
  );
}

/** Removes all leftovers that can be reached. What is left takes nothing back of what was done before. */
export function removeLeftovers(group: OpenGroup, context: RunContext): void {
  for (const site of sites) {
    try {
      removeAt(group, context, site);
    } catch (error) {
      warnOf(context, 'Files that are not needed any more will be removed by a later command', error);
    }
  }
}
