/** Getting the target volumes of a seed or a reprotect ready: made where they are missing, and looked at for data. */
import fs from 'node:fs';
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { PairDefinition, ReceivingPair } from '../../store/record.ts';
import { overlap, type VolumeDescription, type VolumePlatform } from '../../volumes/volume.ts';
import { firstData } from '../first-data.ts';
import type { RunContext } from '../run-context.ts';

/** What lies at a path, or null where nothing is there. */
export function describeIfThere(platform: VolumePlatform, path: string): VolumeDescription | null {
  try {
    return platform.describe(path);
  } catch (error) {
    if (error instanceof SitepairError && error.report.code === 'volume-lost') return null;
    throw error;
  }
}

/** What lies at a path, or null where nothing can be told of it. */
export function describeIfItAnswers(platform: VolumePlatform, path: string): VolumeDescription | null {
  try {
    return platform.describe(path);
  } catch {
    return null;
  }
}

/**
 * Makes missing target files, and those longer that are too short for their pair, and says of each pair what happens to
 * what the target holds. Where it throws, no file that it made is left; one that was made longer stays so.
 */
export async function prepareTargets(
  context: RunContext,
  pairs: readonly PairDefinition[],
  site: SiteLetter,
  discard: boolean,
): Promise<ReceivingPair[]> {
  const prepared: ReceivingPair[] = [];
  const made: VolumeDescription[] = [];
  try {
    for (const pair of pairs) {
      const path = pair.paths[site];
      const present = describeIfThere(context.platform, path);
      if (present === null) {
        context.platform.createFile(path, pair.sizeBytes);
        prepared.push({ number: pair.number, save: 'blank', created: true });
        made.push(context.platform.describe(path));
        continue;
      }
      const same = made.find((one) => overlap(one, present));
      if (same !== undefined) throw madeTwice(context.request.group, same.path, path);
      if (present.kind === 'file' && present.sizeBytes < pair.sizeBytes) {
        context.platform.extendFile(path, pair.sizeBytes);
      }
      const blank = (await firstData(context, path, pair.sizeBytes)) === null;
      prepared.push({ number: pair.number, save: blank ? 'blank' : discard ? 'discard' : 'journal', created: false });
    }
    return prepared;
  } catch (error) {
    removeMade(pairs, site, prepared);
    throw error;
  }
}

/** Two names in folders that are one and the same, which only showed when the file was there. */
function madeTwice(group: string, one: string, other: string): SitepairError {
  return new SitepairError({
    code: 'volume-overlap',
    message: `The targets ${one} and ${other} are one and the same file; nothing was written.`,
    where: other,
    remedy: `Give each pair a target of its own: sitepair group set ${group} --path PAIR_ID:recovery=PATH`,
  });
}

/** Removes target files that were made for a cycle; one that is not there any more is fine. */
export function removeMade(
  pairs: readonly PairDefinition[],
  site: SiteLetter,
  prepared: readonly ReceivingPair[],
): void {
  for (const pair of pairs) {
    const made = prepared.some((one) => one.number === pair.number && one.created);
    if (made) fs.rmSync(pair.paths[site], { force: true });
  }
}

/** Makes target files again that the open cycle had made and that a rollback which was cut off has removed. */
export function remakeTargets(
  context: RunContext,
  pairs: readonly PairDefinition[],
  site: SiteLetter,
  open: readonly ReceivingPair[],
): void {
  for (const pair of pairs) {
    const made = open.some((one) => one.number === pair.number && one.created);
    const path = pair.paths[site];
    if (made && describeIfThere(context.platform, path) === null) context.platform.createFile(path, pair.sizeBytes);
  }
}
