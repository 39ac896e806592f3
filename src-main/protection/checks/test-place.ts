/** Whether a test failover may put its copies where the operator wants them. */
import fs from 'node:fs';
import path from 'node:path';
import { describeBytes } from '../../contract/wording.ts';
import { recordName } from '../../store/file-names.ts';
import { isNetworkType } from '../../volumes/linux/file-system-types.ts';
import { mountHolding, readMounts } from '../../volumes/linux/mounts.ts';
import { dataBytes } from '../data-bytes.ts';
import { reasonOf } from '../errors.ts';
import { copyName } from '../rehearsal/copy-files.ts';
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
    return against(input, directory) ?? spaceIn(input, directory) ?? pass(describe(directory));
  },
};

function describe(directory: string): string {
  return fs.existsSync(directory) ? `The copies go into ${directory}.` : `${directory} is made for them.`;
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
  const pairs = [...group.definition.pairs, ...context.others.flatMap((other) => other.pairs)];
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

/** What speaks against the space there, or against the file system; null where nothing does. */
function spaceIn({ group, context, scope }: CheckInput, directory: string): Finding | null {
  const there = fs.existsSync(directory) ? directory : path.dirname(directory);
  const { lacks } = pointToTest(group, context.request.point);
  const mount = mountHolding(readMounts(), fs.realpathSync(there));
  const device = fs.statSync(there).dev;
  const { chunkSizeBytes } = group.definition.policy;
  const whole = scope.pairs
    .filter(({ number }) => !lacks.includes(number))
    .map((pair) => ({ path: pair.paths[group.replicaSite], sizeBytes: pair.sizeBytes }))
    .filter(({ path: replica }) => {
      const stat = fs.statSync(replica, { throwIfNoEntry: false });
      return !(stat?.isFile() === true && stat.dev === device && sharing.includes(mount?.type ?? ''));
    });
  const wanted = whole.reduce(
    (sum, { path: replica, sizeBytes }) => sum + dataBytes(context.platform, replica, sizeBytes, chunkSizeBytes),
    0,
  );
  const { bavail, bsize, blocks } = fs.statfsSync(there);
  const free = bavail * bsize;
  if (blocks > 0 && free < wanted) {
    return {
      status: 'fail',
      found: `${describeBytes(free)} free in ${there}, and the copies take ${describeBytes(wanted)}.`,
      remedy: `Free ${describeBytes(wanted - free)} there, or name a directory on another file system.`,
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
