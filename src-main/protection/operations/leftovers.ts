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

/**
 * Removes what lies beside a volume that is there. What does not answer, or is not mounted, waits, unless its volume is
 * none of the group's any more: it may never be seen again.
 */
function removeAt(group: OpenGroup, context: RunContext, site: SiteLetter): void {
  const record = group.recordOf(site);
  if (record === null || record.leftovers.length === 0 || record.machine.id !== group.machine.id) return;
  const { pairs, siteNames } = group.definition;
  const silent = silentOf(record.leftovers, 'volume');
  const waiting: string[] = [];
  const forgotten: string[] = [];
  for (const file of record.leftovers) {
    const volume = volumeBeside(file);
    if (silent.includes(file) || !fs.existsSync(volume)) {
      (pairs.some(({ paths }) => paths[site] === volume) ? waiting : forgotten).push(file);
      continue;
    }
    try {
      fs.rmSync(file, { force: true });
    } catch {
      waiting.push(file);
    }
  }
  if (waiting.length < record.leftovers.length) group.note(site, { leftovers: waiting });
  if (forgotten.length > 0) {
    context.reporter.warn(
      `${counted(forgotten.length, 'file')} beside volumes that ${siteNames[site]} had before ${forgotten.length === 1 ? 'is' : 'are'} not needed any more; where that disk turns up again, remove by hand: ${forgotten.join(', ')}`,
    );
  }
  if (waiting.length > 0) {
    context.reporter.warn(
      `${counted(waiting.length, 'file')} beside the volumes of ${siteNames[site]} could not be removed, though not needed any more; later commands try again: ${waiting.join(', ')}`,
    );
  }
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
