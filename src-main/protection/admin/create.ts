/** group create: everything is looked at first; then both stores get the group's folder, or none does. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import type { GroupCreate, Policy } from '../../contract/groups.ts';
import type { GroupDefinition, Machine, PairDefinition } from '../../store/record.ts';
import { overlap, type VolumeDescription, type VolumePlatform } from '../../volumes/volume.ts';
import { describeIfThere } from '../operations/targets.ts';
import type { Registration } from '../registration.ts';
import { freshRecord, makeGroupFolder } from '../store-setup.ts';
import { assertChunkSize, assertGroupName, assertSiteName } from './names.ts';
import { changedPolicy } from './policy.ts';

export const defaultPolicy: Policy = {
  rpoSeconds: 900,
  keepPoints: 24,
  chunkSizeBytes: 256 << 10,
  limitBytesPerSecond: null,
  stoppedCheck: null,
  beforeCycle: null,
  afterCycle: null,
};

interface Looked {
  pair: PairDefinition;
  volumes: VolumeDescription[];
}

function lookAtPair(platform: VolumePlatform, source: string, target: string, number: number): Looked {
  const sourceVolume = platform.describe(source);
  const targetVolume = describeIfThere(platform, target);
  if (sourceVolume.sizeBytes === 0) {
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The volume ${source} is empty (0 bytes).`,
      where: source,
      remedy: 'Give a volume that has a size.',
    });
  }
  if (targetVolume === null) assertFolder(path.dirname(target));
  else if (targetVolume.sizeBytes < sourceVolume.sizeBytes) {
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The target ${target} has ${targetVolume.sizeBytes} bytes, its source ${source} has ${sourceVolume.sizeBytes}.`,
      where: target,
      remedy:
        'Give a target that is at least as large as its source, or a path where nothing is, so that a file is made.',
    });
  }
  const pair = { number, id: `pair-${number}`, sizeBytes: sourceVolume.sizeBytes, paths: { A: source, B: target } };
  return { pair, volumes: targetVolume === null ? [sourceVolume] : [sourceVolume, targetVolume] };
}

function assertFolder(folder: string): void {
  const found = fs.statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  throw new SitepairError({
    code: 'volume-unsuitable',
    message: `The folder ${folder}, where the target would be made, is not there.`,
    where: folder,
    remedy: 'Make the folder, or mount its file system, then try again.',
  });
}

/** Throws `volume-overlap` where two volumes, or a volume and one of another group, share bytes. */
function assertApart(looked: readonly Looked[], others: readonly GroupDefinition[], platform: VolumePlatform): void {
  const own = looked.flatMap((one) => one.volumes);
  const targets = looked.flatMap((one) => [one.pair.paths.A, one.pair.paths.B]);
  const twice = targets.find((target, n) => targets.indexOf(target) !== n);
  if (twice !== undefined) throw shared(twice, twice, 'this group');
  own.forEach((one, n) => {
    const same = own.slice(n + 1).find((other) => overlap(one, other));
    if (same !== undefined) throw shared(one.path, same.path, 'this group');
  });
  for (const group of others) {
    for (const theirPath of group.pairs.flatMap((pair) => [pair.paths.A, pair.paths.B])) {
      if (targets.includes(theirPath)) throw shared(theirPath, theirPath, `the group ${group.name}`);
      const theirs = tryDescribe(platform, theirPath);
      const same = theirs === null ? undefined : own.find((one) => overlap(one, theirs));
      if (same !== undefined) throw shared(same.path, theirPath, `the group ${group.name}`);
    }
  }
}

function tryDescribe(platform: VolumePlatform, volumePath: string): VolumeDescription | null {
  try {
    return platform.describe(volumePath);
  } catch {
    return null;
  }
}

function shared(one: string, other: string, where: string): SitepairError {
  return new SitepairError({
    code: 'volume-overlap',
    message:
      one === other
        ? `${one} is used twice (${where}).`
        : `${one} and ${other} (${where}) are the same volume or share bytes.`,
    where: one,
    remedy: 'Give each pair two volumes of its own; a volume belongs to one group only.',
  });
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
  assertSiteName(input.primarySite, '--primary-site');
  assertSiteName(input.recoverySite, '--recovery-site');
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
  if (input.primaryStore === input.recoveryStore) {
    throw new SitepairError({
      code: 'store-unsuitable',
      message: `Both sites were given the same store ${input.primaryStore}.`,
      where: input.primaryStore,
      remedy: 'Give each site a store of its own, on a disk of that site.',
    });
  }
  const looked = input.pairs.map((pair, n) => lookAtPair(places.platform, pair.source, pair.target, n + 1));
  assertApart(looked, places.others, places.platform);
  const definition: GroupDefinition = {
    id: randomBytes(16).toString('hex'),
    name: input.name,
    version: 1,
    siteNames: { A: input.primarySite, B: input.recoverySite },
    primarySite: 'A',
    pairs: looked.map((one) => one.pair),
    policy,
  };
  makeGroupFolder(input.primaryStore, freshRecord(definition, 'A', places.machine, null, places.now));
  try {
    makeGroupFolder(input.recoveryStore, freshRecord(definition, 'B', places.machine, null, places.now));
  } catch (error) {
    removeGroupFolder(input.primaryStore, input.name);
    throw error;
  }
  return {
    definition,
    storePaths: { A: input.primaryStore, B: input.recoveryStore },
    lastSeen: { A: null, B: null },
    hooksConfirmed: true,
  };
}

/** Removes a group's folder from a store, and the store's directory where it is empty then. */
export function removeGroupFolder(storePath: string, name: string): void {
  fs.rmSync(path.join(storePath, name), { recursive: true, force: true });
  if (fs.existsSync(storePath) && fs.readdirSync(storePath).length === 0) fs.rmdirSync(storePath);
}
