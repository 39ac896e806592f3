/** Where a salvage file may be made, and what it may be put onto: nothing of any group. */
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import { recordName } from '../../store/file-names.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition } from '../../store/record.ts';
import { overlap, type VolumePlatform } from '../../volumes/volume.ts';
import { reasonOf } from '../errors.ts';
import { describeIfItAnswers } from '../operations/targets.ts';
import { volumesUnder } from '../store-carrier.ts';
import { assertNoStoreFile, realStorePath } from '../store-place.ts';

function unsuitable(file: string, why: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message: `${file} ${why}.`, where: file, remedy });
}

/** Whether a folder holds the folders of groups: then it is a store. */
function isStore(folder: string): boolean {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .some((entry) => entry.isDirectory() && fs.existsSync(path.join(folder, entry.name, recordName)));
}

/**
 * Throws `invalid-input` where `file` is no new file in a folder that is there, or lies in a store or on a volume of
 * one of these groups.
 */
export function assertNewFile(file: string, groups: readonly GroupDefinition[], platform: VolumePlatform): void {
  const another = 'Give a new file in a folder of your own, on a file system that is on no volume of a group.';
  const folder = path.dirname(file);
  try {
    if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined) {
      throw unsuitable(file, 'is there already, and nothing is overwritten', 'Give the path of a new file.');
    }
    if (!fs.statSync(folder).isDirectory()) throw new Error('a part of its path is no directory');
    fs.accessSync(folder, fs.constants.W_OK);
    assertNoStoreFile(file);
    if (isStore(realStorePath(folder))) throw unsuitable(file, 'would lie in a store', another);
  } catch (error) {
    if (error instanceof SitepairError) throw error;
    throw unsuitable(file, `cannot be made: ${reasonOf(error)}`, another);
  }
  const pairs = groups.flatMap(allPairs);
  const [carrier] = volumesUnder(platform, folder, pairs);
  if (carrier !== undefined) throw unsuitable(file, `would lie on ${carrier}, a volume of a group`, another);
}

/**
 * Throws where a volume belongs to a group, is a file of a store, or is used by anybody: `volume-unsuitable`,
 * `volume-overlap`, and what describing it throws.
 */
export function assertCopy(volumePath: string, groups: readonly GroupDefinition[], platform: VolumePlatform): void {
  assertNoStoreFile(volumePath);
  const copy = platform.describe(volumePath);
  const remedy = 'Make a copy of the volume, unused and part of no group, and give that.';
  for (const group of groups) {
    for (const theirs of allPairs(group).flatMap((pair) => [pair.paths.A, pair.paths.B])) {
      const volume = describeIfItAnswers(platform, theirs);
      if (theirs !== volumePath && (volume === null || !overlap(volume, copy))) continue;
      throw new SitepairError({
        code: 'volume-overlap',
        message: `${volumePath} is ${theirs === volumePath ? 'a volume' : `the same as ${theirs}, or shares bytes with it, a volume`} of the group ${group.name}.`,
        where: volumePath,
        remedy,
      });
    }
  }
  const [use] = platform.uses(volumePath);
  if (use === undefined) return;
  throw new SitepairError({
    code: 'volume-unsuitable',
    message: `${volumePath} is in use: ${use.detail}.`,
    where: volumePath,
    remedy: `Unmount or detach it, or stop what has it open. ${remedy}`,
  });
}
