import fs from 'node:fs';
import type { SiteLetter } from '../../contract/phases.ts';
import { describeBytes } from '../../contract/wording.ts';
import { otherSite } from '../states.ts';
import { type Check, type CheckInput, type Finding, type SampleResult, keptPairs, pass } from './check.ts';
import { heldByNew, heldData } from './held-data.ts';
import { sampleAgainstMap } from './sample.ts';
import { tightTargets } from './target-space.ts';

/** What a cycle is granted where the last ones took less, bytes. */
const leastWanted = 16 << 20;

export const undoSpace: Check = {
  id: 'undo-space',
  title: 'There is space for what is saved, and for files that are made',
  why: 'A run that finds no space stops in its middle, and has to be rolled back, or gone on with once there is some.',
  look: async (input): Promise<Finding> => {
    const { group, scope } = input;
    const side = group.sides[scope.written ?? group.replicaSite];
    if (side.store === null) {
      return { status: 'unknown', found: 'The store cannot be read.', remedy: 'Mount its file system.' };
    }
    const space = fs.statfsSync(side.folder);
    const free = space.bavail * space.bsize;
    const need = await needed(input);
    const said = `${describeBytes(free)} free in ${side.folder}, ${need.basis}.`;
    const tight = tightTargets(input);
    if (free >= need.atMost) return tight ?? pass(said);
    return {
      status: free < need.atLeast || tight?.status === 'fail' ? 'fail' : 'warn',
      found: [said, ...(tight === null ? [] : [tight.found])].join(' '),
      // Free space comes and goes; that it may run out, and where, is what is taken on.
      gist: `too little space: ${side.folder}${tight === null ? '' : ', target files'}`,
      remedy: `${tight === null ? '' : `${tight.remedy} `}Free ${describeBytes(need.atMost - free)} on that file system, drop points (sitepair points ${group.name} --drop ID --confirm ${group.name}), or move the store.`,
    };
  },
};

/** Bytes that the journal will take: what is sure, and the upper end. */
interface Need {
  atLeast: number;
  atMost: number;
  basis: string;
}

async function needed(input: CheckInput): Promise<Need> {
  const { group, scope, context } = input;
  const written = scope.written ?? group.replicaSite;
  if (scope.operation === 'protect') {
    return savedOf(context.request.discard === true ? 0 : (await heldData(input, scope.pairs)).bytes);
  }
  if (scope.operation === 'reprotect' || (scope.operation === 'undo' && scope.read !== null)) {
    return whatDiffers(input, written);
  }
  const points = group.sides[written].store?.record.points ?? [];
  const cycles = points.slice(-5).map((point) => point.undo.reduce((sum, journal) => sum + journal.bytes, 0));
  const atMost = Math.max(leastWanted, ...cycles.map((one) => 2 * one));
  const twice = atMost === leastWanted ? 'the least for a cycle' : 'twice the largest of the last cycles';
  return { atLeast: 0, atMost, basis: `${describeBytes(atMost)} wanted, ${twice}` };
}

/**
 * What both sides wrote since they were the same, each held against the digest map of that moment: by a sample, and the
 * side that is written as a whole where it is read for what is overwritten anyway.
 */
async function whatDiffers(input: CheckInput, written: SiteLetter): Promise<Need> {
  const { group, scope, context } = input;
  const pairs = keptPairs(input);
  const fresh = (await heldByNew(input)).bytes;
  if (pairs.length === 0) return savedOf(fresh);
  const kept = pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
  const total = kept + fresh;
  const store = group.sides[scope.operation === 'reprotect' ? otherSite(written) : written].store;
  const ofKept = { ...input, scope: { ...scope, pairs } };
  const sample = store === null ? null : await sampleAgainstMap(ofKept, written, store, context.request.exact === true);
  const other = store === null || scope.read === null ? null : await sampleAgainstMap(ofKept, scope.read, store, false);
  if (sample === null || other === null) {
    const basis = `at most ${describeBytes(total)} needed (no digest map to tell by)`;
    return { atLeast: 0, atMost: total, basis };
  }
  const atMost = Math.min(sample.upperBytes + other.upperBytes, kept) + fresh;
  const likely = Math.min(sample.likelyBytes + other.likelyBytes, kept);
  const held = fresh === 0 ? '' : ' and what the new volumes hold';
  const basis = `${describeBytes(likely)} to ${describeBytes(atMost)} needed, by ${basisOf(sample, other)}${held}`;
  return { atLeast: likely, atMost, basis };
}

/** What the need of both sides is known by. */
function basisOf(written: SampleResult, read: SampleResult): string {
  return written.basis === read.basis
    ? written.basis
    : `${written.basis} of what is overwritten and ${read.basis} of the other side`;
}

/** What the targets hold that are filled: at most so many bytes. */
function savedOf(bytes: number): Need {
  const basis = bytes === 0 ? 'nothing is to be saved' : `at most ${describeBytes(bytes)} is to be saved`;
  return { atLeast: 0, atMost: bytes, basis };
}
