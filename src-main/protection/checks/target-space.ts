/** Whether target files that an operation makes, or fills for the first time, fit on their file systems. */
import fs from 'node:fs';
import { dirname } from 'node:path';
import { describeBytes } from '../../contract/wording.ts';
import { type CheckInput, type Finding, listed, mayBeMade } from './check.ts';

/** What is wanted of one file system, bytes: by data that is known to be there, and at most. */
interface Wanted {
  folder: string;
  atLeast: number;
  atMost: number;
}

/** What does not fit, and null where all does. Targets that are devices need no space. */
export function tightTargets(input: CheckInput): Finding | null {
  const tight = [...wantedOf(input).values()].flatMap((wanted) => {
    const { blocks, bavail, bsize } = fs.statfsSync(wanted.folder);
    // Served file systems often tell no size at all; then there is nothing to go by.
    if (blocks === 0) return [];
    return bavail * bsize < wanted.atMost ? [{ ...wanted, free: bavail * bsize }] : [];
  });
  if (tight.length === 0) return null;
  return {
    status: tight.some(({ free, atLeast }) => free < atLeast) ? 'fail' : 'warn',
    found: listed(tight.map(({ folder, free, atMost }) => describeOne(folder, free, atMost))),
    gist: 'too little space: target files',
    remedy: `Free ${tight.map(({ free, atMost }) => describeBytes(atMost - free)).join(' and ')} on the file system of the target files, or enlarge it.`,
  };
}

function describeOne(folder: string, free: number, atMost: number): string {
  return `${describeBytes(free)} free in ${folder}, and the target files there take up to ${describeBytes(atMost)} more`;
}

/** By the number of the file system. */
function wantedOf(input: CheckInput): Map<number, Wanted> {
  const { written, read, pairs } = input.scope;
  const wanted = new Map<number, Wanted>();
  if (written === null || read === null) return wanted;
  for (const pair of pairs.filter((one) => mayBeMade(input, one))) {
    const target = fs.statSync(pair.paths[written], { throwIfNoEntry: false });
    if (target?.isFile() === false) continue;
    const folder = dirname(pair.paths[written]);
    const dev = fs.statSync(folder, { throwIfNoEntry: false })?.dev;
    if (dev === undefined) continue;
    const held = (target?.blocks ?? 0) * 512;
    const source = dataOf(pair.paths[read], pair.sizeBytes);
    const before = wanted.get(dev) ?? { folder, atLeast: 0, atMost: 0 };
    wanted.set(dev, {
      folder: before.folder,
      atLeast: before.atLeast + Math.max(0, source.atLeast - held),
      atMost: before.atMost + Math.max(0, source.atMost - held),
    });
  }
  return wanted;
}

/** A file tells what it occupies; of a device, and of what is out of reach, nothing is known. */
function dataOf(path: string, sizeBytes: number): { atLeast: number; atMost: number } {
  const source = fs.statSync(path, { throwIfNoEntry: false });
  if (source?.isFile() !== true) return { atLeast: 0, atMost: sizeBytes };
  const occupied = Math.min(source.blocks * 512, sizeBytes);
  return { atLeast: occupied, atMost: occupied };
}
