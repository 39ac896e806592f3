/** group create: everything is looked at first; then both stores get the group's folder, or none does. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import type { GroupCreate, Policy } from '../../contract/groups.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition, Machine, PairDefinition } from '../../store/record.ts';
import { reasonAgainstFile } from '../../volumes/linux/missing-files.ts';
import { permissionDenied } from '../../volumes/volume-error.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { mayNot, reasonOf } from '../errors.ts';
import { commandsOf } from '../hooks.ts';
import { describeIfThere } from '../operations/targets.ts';
import type { Registration } from '../registration.ts';
import { volumesUnder } from '../store-carrier.ts';
import { assertNoStoreFile, realStorePath } from '../store-place.ts';
import { freshRecord, makeGroupFolder } from '../store-setup.ts';
import { describeGiven } from './given-volume.ts';
import { definitionsIn } from './groups-in-store.ts';
import { assertChunkSize, assertGroupName, assertSiteNames } from './names.ts';
import { changedPolicy } from './policy.ts';
import { purgeFolder } from './purge.ts';
import { assertApart } from './volumes-apart.ts';

export const defaultPolicy: Policy = {
  rpoSeconds: 900,
  keepPoints: 24,
  chunkSizeBytes: 256 << 10,
  limitBytesPerSecond: null,
  scheduled: true,
  quietHours: [],
  reasonRequired: false,
  stoppedCheck: null,
  beforeCycle: null,
  afterCycle: null,
};

/**
 * Throws what is wrong with the two volumes of a pair. `longer`: a target file that is too short is none of it, as the
 * cycle that copies the pair makes it longer.
 */
export function lookAtPair(
  platform: VolumePlatform,
  source: string,
  target: string,
  number: number,
  longer = false,
): PairDefinition {
  const sourceVolume = describeGiven(platform, source);
  const targetVolume = describeIfThere(platform, target);
  assertNoStoreFile(target);
  assertMay(fs.constants.R_OK, source, 'this user may not read it');
  if (sourceVolume.sizeBytes === 0) {
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The volume ${source} is empty (0 bytes).`,
      where: source,
      remedy: 'Give a volume that has a size.',
    });
  }
  if (targetVolume !== null) assertMay(fs.constants.W_OK, target, 'this user may not write it');
  if (targetVolume === null) assertMayBeMade(target);
  else if (targetVolume.sizeBytes < sourceVolume.sizeBytes && !(longer && targetVolume.kind === 'file')) {
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The target ${target} has ${targetVolume.sizeBytes} bytes, its source ${source} has ${sourceVolume.sizeBytes}.`,
      where: target,
      remedy:
        'Give a target that is at least as large as its source, or a path where nothing is, so that a file is made.',
    });
  }
  return { number, id: `pair-${number}`, sizeBytes: sourceVolume.sizeBytes, paths: { A: source, B: target } };
}

/** Throws `permission-denied` where it is certain that whoever makes the group could not work on it. */
function assertMay(mode: number, at: string, text: string, volume = at): void {
  try {
    fs.accessSync(at, mode);
  } catch (cause) {
    // What is read-only, or gone meanwhile, is told by the checks.
    if (reasonOf(cause) === mayNot) throw permissionDenied(volume, { text, cause });
  }
}

function assertMayBeMade(target: string): void {
  const folder = path.dirname(target);
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) {
    const against = reasonAgainstFile(target);
    if (against === null) {
      assertMay(fs.constants.W_OK, folder, 'this user may make no file there', target);
      return;
    }
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The target ${target} is not there, and is not made: ${against}.`,
      where: target,
      remedy: 'Attach the device, or give the path of a device or file that is there, or of a file on a disk.',
    });
  }
  throw new SitepairError({
    code: 'volume-unsuitable',
    message: `The folder ${folder}, where the target would be made, is not there.`,
    where: folder,
    remedy: 'Make the folder, or mount its file system, then try again.',
  });
}

/** Throws `store-unsuitable` where a store lies on a volume of a group. */
export function assertOnNoVolume(platform: VolumePlatform, storePath: string, pairs: readonly PairDefinition[]): void {
  const [volume] = volumesUnder(platform, storePath, pairs);
  if (volume === undefined) return;
  throw new SitepairError({
    code: 'store-unsuitable',
    message: `The store ${storePath} lies on ${volume}, a volume of a group, and would be overwritten or copied with it.`,
    where: storePath,
    remedy: 'Give a directory on a file system that lies on no volume of a group.',
  });
}

/** Throws `store-unsuitable` where both sites have the same one. */
export function assertTwoStores({ primaryStore, recoveryStore }: GroupCreate): void {
  if (realStorePath(primaryStore) !== realStorePath(recoveryStore)) return;
  throw new SitepairError({
    code: 'store-unsuitable',
    message: `Both sites were given the same store ${primaryStore}.`,
    where: primaryStore,
    remedy: 'Give each site a store of its own, on a disk of that site.',
  });
}

/** Throws `volume-overlap` where a volume belongs to a group that a store knows, and this machine perhaps not. */
export function assertApartFromGroupsIn(
  storePath: string,
  pairs: readonly PairDefinition[],
  name: string,
  platform: VolumePlatform,
): void {
  assertApart(
    pairs,
    definitionsIn(storePath).filter((one) => one.name !== name),
    platform,
    `Give other volumes; or bring that group here with: sitepair group adopt ${storePath}; or, if it is given up, delete its folder there.`,
  );
}

/**
 * Makes a group. Throws `invalid-input`, `volume-unsuitable`, `volume-overlap`, `store-unsuitable`, `no-space`; nothing
 * is left behind then.
 */
export function createGroup(
  input: GroupCreate,
  places: { platform: VolumePlatform; machine: Machine; now: Date; others: readonly GroupDefinition[] },
): Registration {
  assertGroupName(input.name);
  assertSiteNames(input.primarySite, input.recoverySite);
  const policy = changedPolicy(defaultPolicy, input.policy);
  assertChunkSize(policy.chunkSizeBytes);
  if (input.pairs.length === 0) {
    throw new SitepairError({
      code: 'invalid-input',
      message: 'A group needs at least one pair.',
      where: '--pair',
      remedy: 'Give --pair SOURCE::TARGET.',
    });
  }
  assertTwoStores(input);
  const pairs = input.pairs.map((pair, n) => lookAtPair(places.platform, pair.source, pair.target, n + 1));
  assertApart(pairs, places.others, places.platform);
  for (const storePath of [input.primaryStore, input.recoveryStore]) {
    assertApartFromGroupsIn(storePath, pairs, input.name, places.platform);
  }
  for (const storePath of [input.primaryStore, input.recoveryStore]) {
    assertOnNoVolume(places.platform, storePath, [...pairs, ...places.others.flatMap(allPairs)]);
  }
  const definition: GroupDefinition = {
    id: randomBytes(16).toString('hex'),
    name: input.name,
    version: 1,
    siteNames: { A: input.primarySite, B: input.recoverySite },
    primarySite: 'A',
    pairs,
    joining: [],
    lastNumber: pairs.length,
    policy,
  };
  const storeIsNew = !fs.existsSync(input.primaryStore);
  makeGroupFolder(input.primaryStore, freshRecord(definition, 'A', places.machine, null, places.now));
  try {
    makeGroupFolder(input.recoveryStore, freshRecord(definition, 'B', places.machine, null, places.now));
  } catch (error) {
    purgeFolder(path.join(input.primaryStore, input.name));
    if (storeIsNew) fs.rmdirSync(input.primaryStore);
    throw error;
  }
  return {
    definition,
    storePaths: { A: input.primaryStore, B: input.recoveryStore },
    lastSeen: { A: null, B: null },
    confirmedCommands: commandsOf(policy),
  };
}
