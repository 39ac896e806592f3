/** Whether a test failover may put its copies where the operator wants them. */
import fs from 'node:fs';
import path from 'node:path';
import { describeBytes } from '../../contract/wording.ts';
import { MapReader } from '../../store/digest-map.ts';
import { recordName } from '../../store/file-names.ts';
import { allPairs } from '../../store/pairs.ts';
import { chunkCount, comparePoints, type PairDefinition } from '../../store/record.ts';
import { isNetworkType } from '../../volumes/linux/file-system-types.ts';
import { mountHolding, readMounts } from '../../volumes/linux/mounts.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { dataBytes } from '../data-bytes.ts';
import { reasonOf } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { copyName } from '../rehearsal/copy-files.ts';
import { freeBytesIn } from '../forecast/free-bytes.ts';
import { pointToTest } from '../rehearsal/test-point.ts';
import { volumesUnder } from '../store-carrier.ts';
import { realStorePath } from '../store-place.ts';
import { type Check, type CheckInput, type Finding, pass } from './check.ts';

const elsewhere = 'Name another directory, on a file system that nothing here depends on.';

/** File systems that share blocks between files. */
const sharing: readonly string[] = ['btrfs', 'xfs', 'bcachefs', 'ocfs2'];

export const testPlace: Check = {
  id: 'test-place',
  title: 'The copies can be put there',
  why: 'A test must take nothing from what it tests: neither space that undo journals need, nor a name that is in use.',
  look: (input): Finding => {
    const { directory } = input.context.request;
    if (directory === undefined || !path.isAbsolute(directory)) {
      const found = 'No directory was named in which the copies are made.';
      return { status: 'fail', found, remedy: 'Name one that is empty, or that can be made.' };
    }
    return against(input, directory) ?? spaceIn(input, directory) ?? pass(describe(input, directory));
  },
};

function describe(input: CheckInput, directory: string): string {
  const there = fs.existsSync(directory) ? directory : path.dirname(directory);
  const wanted = spaceWanted(input, there, mountHolding(readMounts(), fs.realpathSync(there))?.type ?? '');
  const space = `they take up to ${describeBytes(wanted)} of ${describeBytes(freeBytesIn(there) ?? 0)} free`;
  const place = there === directory ? `The copies go into ${directory}` : `${directory} is made for the copies`;
  return `${place}; ${space}.`;
}

/** What forbids the directory; null where nothing does. */
function against({ group, context, scope }: CheckInput, directory: string): Finding | null {
  const no = (found: string, remedy = elsewhere): Finding => ({ status: 'fail', found, remedy });
  const stat = fs.statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory() === false) return no(`${directory} is no directory.`);
  const there = stat === undefined ? path.dirname(directory) : directory;
  if (fs.statSync(there, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return no(
      `${directory} cannot be made, as there is no directory ${there}.`,
      'Make that one first, or name another.',
    );
  }
  try {
    fs.accessSync(there, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    return no(`This user cannot make files in ${there} (${reasonOf(error)}).`, 'Name a directory of this user.');
  }
  const store = storeAround(directory, Object.values(group.registration.storePaths));
  if (store !== null) return no(`${directory} lies in ${store}, which is a store of a group or belongs to one.`);
  const pairs = [group.definition, ...context.others].flatMap(allPairs);
  const [volume] = volumesUnder(context.platform, directory, pairs);
  if (volume !== undefined) return no(`${directory} lies on ${volume}, which is a volume of a group.`);
  const taken = scope.pairs
    .map((pair) => path.join(directory, copyName(pair, pair.paths[group.replicaSite])))
    .find((file) => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined);
  return taken === undefined ? null : no(`${taken} is there already, and nothing is overwritten.`);
}

/** The store that a directory lies in or is: a group's folder, one of the `known` stores, or what has such folders. */
function storeAround(directory: string, known: readonly (string | null)[]): string | null {
  const isGroups = (folder: string): boolean =>
    fs.statSync(path.join(folder, recordName), { throwIfNoEntry: false })?.isFile() === true;
  const real = realStorePath(directory);
  const stores = known.flatMap((one) => (one === null ? [] : realStorePath(one)));
  for (let folder = real; ; folder = path.dirname(folder)) {
    if (stores.includes(folder) || isGroups(folder)) return folder;
    if (folder === path.dirname(folder)) break;
  }
  const below = fs.existsSync(real) ? fs.readdirSync(real, { withFileTypes: true }) : [];
  return below.some((entry) => entry.isDirectory() && isGroups(path.join(real, entry.name))) ? real : null;
}

/** What a cycle is granted where the last ones took less, bytes. */
const leastForCycles = 16 << 20;

/** What speaks against the space there, or against the file system; null where nothing does. */
function spaceIn(input: CheckInput, directory: string): Finding | null {
  const there = fs.existsSync(directory) ? directory : path.dirname(directory);
  const mount = mountHolding(readMounts(), fs.realpathSync(there));
  const wanted = spaceWanted(input, there, mount?.type ?? '');
  const kept = keptForCycles(input, there);
  const { bavail, bsize, blocks } = fs.statfsSync(there);
  const free = bavail * bsize;
  if (blocks > 0 && free < wanted + kept) {
    const forCycles = kept === 0 ? '' : `, and ${describeBytes(kept)} are left to the undo journals of cycles there`;
    return {
      status: 'fail',
      found: `${describeBytes(free)} free in ${there}; the copies take up to ${describeBytes(wanted)}${forCycles}.`,
      remedy: `Free ${describeBytes(wanted + kept - free)} there, or name a directory on another file system.`,
    };
  }
  const type = mount?.type ?? '';
  if (type === 'tmpfs' || type === 'ramfs') {
    const found = `${there} lies in the memory of this machine (${type}), of which the copies take ${describeBytes(wanted)}.`;
    return { status: 'warn', found, remedy: 'Name a directory on a disk, if memory is short.' };
  }
  if (isNetworkType(type)) {
    const found = `${there} lies on a network file system (${type}): the copies cross the network.`;
    return { status: 'warn', found, remedy: 'Name a local directory, if that takes too long.' };
  }
  return null;
}

/** Bytes that the copies take at most; those that share their blocks with the replica take what leads to the point. */
function spaceWanted({ group, context, scope }: CheckInput, there: string, type: string): number {
  const store = group.storeOf(group.replicaSite);
  const point = pointToTest(group, context.request.point);
  const device = fs.statSync(there).dev;
  const whole = scope.pairs
    .filter(({ number }) => !point.lacks.includes(number))
    .filter((pair) => {
      const replica = fs.statSync(pair.paths[group.replicaSite], { throwIfNoEntry: false });
      return !(replica?.isFile() === true && replica.dev === device && sharing.includes(type));
    })
    .map((pair) => dataOf(group, context.platform, pair));
  const newer = store.record.points.filter((one) => comparePoints(one, point) > 0);
  const way = newer.flatMap(({ undo }) => undo).reduce((sum, { bytes }) => sum + bytes, 0);
  return whole.reduce((sum, bytes) => sum + bytes, way);
}

/** What a test reads and writes for its copies, bytes; of a directory in which they can be made. */
export function workOfCopies(input: CheckInput, directory: string): { written: number; checked: number } {
  const { group, context, scope } = input;
  const there = fs.existsSync(directory) ? directory : path.dirname(directory);
  const written = spaceWanted(input, there, mountHolding(readMounts(), fs.realpathSync(there))?.type ?? '');
  const checked = scope.pairs.reduce((sum, pair) => sum + dataOf(group, context.platform, pair), 0);
  return { written, checked };
}

/** Bytes of data in a replica: as its volume tells, or its digest map, which knows the holes of a device too. */
function dataOf(group: OpenGroup, platform: VolumePlatform, pair: PairDefinition): number {
  const { disk, record } = group.storeOf(group.replicaSite);
  const { chunkSizeBytes: size } = group.definition.policy;
  const told = dataBytes(platform, pair.paths[group.replicaSite], pair.sizeBytes, size);
  const { position } = record;
  if (position === null) return told;
  const chunks = chunkCount(pair.sizeBytes, size);
  const map = new MapReader(disk, { group: group.definition.id, pair: pair.number, ...position });
  try {
    let mapped = 0;
    for (let chunk = 0; chunk < chunks;) {
      const { kind, to } = map.run(chunk, chunks);
      if (kind !== 'blank') mapped += (to - chunk) * size;
      chunk = to;
    }
    return Math.min(told, mapped);
  } finally {
    map.close();
  }
}

/** Bytes that are left to cycles where the copies lie on the file system of the replica's store. */
function keptForCycles({ group }: CheckInput, there: string): number {
  const { site, folder } = group.sides[group.replicaSite];
  if (fs.statSync(there).dev !== fs.statSync(folder).dev) return 0;
  const cycles = (group.recordOf(site)?.points ?? [])
    .slice(-5)
    .map(({ undo }) => undo.reduce((sum, { bytes }) => sum + bytes, 0));
  return Math.max(leastForCycles, ...cycles.map((bytes) => 2 * bytes));
}
