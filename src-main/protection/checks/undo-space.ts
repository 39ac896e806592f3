import fs from 'node:fs';
import { forecastOperationSchema } from '../../contract/forecast.ts';
import { describeByteRange } from '../../contract/forecast-words.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { describeBytes } from '../../contract/wording.ts';
import { createControl, Steering } from '../../engine/control.ts';
import { asReport } from '../errors.ts';
import { undoAhead } from '../forecast/forecast.ts';
import { joiningAt } from '../operations/joining.ts';
import { otherSite } from '../states.ts';
import { type Check, type CheckInput, type Finding, type SampleResult, keptPairs, pass } from './check.ts';
import { heldByNew, heldData } from './held-data.ts';
import { sampleAgainstMap } from './sample.ts';
import { tightTargets } from './target-space.ts';

/** What a cycle is granted where the last ones took less, bytes. */
const leastWanted = 16 << 20;
/** How long is looked at most at what a cycle will save, seconds. */
const lookSeconds = 1.5;

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
    const need = await needed(input, free);
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

/** How long a forecast stands for a look at the volumes, milliseconds. */
const freshMs = 15 * 60_000;

/** Bytes that the journal will take: what is sure, and the upper end. */
interface Need {
  atLeast: number;
  atMost: number;
  basis: string;
}

async function needed(input: CheckInput, free: number): Promise<Need> {
  const { group, scope, context } = input;
  const written = scope.written ?? group.replicaSite;
  if (scope.operation === 'protect') {
    return savedOf(context.request.discard === true ? 0 : (await heldData(input, scope.pairs)).bytes);
  }
  const { forecast } = context;
  // What was looked at long ago, while a window stood open, says nothing of what has changed since.
  if (forecast !== undefined && group.now().getTime() - Date.parse(forecast.at) < freshMs) {
    const { low, high } = forecast.undo;
    return needOf(low, high, `by the forecast of ${forecast.at}`);
  }
  if (scope.operation === 'reprotect' || (scope.operation === 'undo' && scope.read !== null)) {
    return whatDiffers(input, written);
  }
  const before = await withJoining(input, asBefore(input, written));
  // A run does not wait for a sample where there is space for what cycles usually take.
  const asked = context.runId === '' || free < before.atMost;
  return (asked ? await lookedAt(input, before) : null) ?? before;
}

/** With what the targets of added pairs hold, where that is saved. */
async function withJoining(input: CheckInput, need: Need): Promise<Need> {
  const { group, scope } = input;
  const joining = scope.operation === 'sync' ? joiningAt(group.definition, scope.written ?? group.replicaSite) : [];
  const saved = joining.filter(({ held }) => held === 'save');
  const { bytes } = saved.length === 0 ? { bytes: 0 } : await heldData(input, saved);
  if (bytes === 0) return need;
  const basis = `${need.basis}, and at most ${describeBytes(bytes)} of what added pairs' targets hold`;
  return { atLeast: need.atLeast, atMost: need.atMost + bytes, basis };
}

/**
 * What a quick sample says that the cycle will save; null where it says too little, or cannot be made. One whose range
 * is wide promises nothing less than the last cycles took (`before`), but may say that it will be more than they did.
 */
async function lookedAt({ group, scope, context }: CheckInput, before: Need): Promise<Need | null> {
  const operation = forecastOperationSchema.safeParse(scope.operation);
  if (!operation.success || operation.data === 'reprotect' || operation.data === 'protect') return null;
  // It obeys a cancel. The limit is for reading all: a sample is little.
  const { shared } = context.steering;
  const steering = new Steering({ ...shared, pace: createControl(1, 1).pace });
  try {
    const { platform } = context;
    const { undo, looked, chunks, differing, narrow } = await undoAhead(group, operation.data, lookSeconds, {
      platform,
      steering,
    });
    // Where nothing that was looked at differs, its upper end says how little was looked at, and nothing else.
    if (!narrow && (differing === 0 || undo.high <= before.atMost)) return null;
    const basis = looked === chunks ? `by all ${chunks} chunks` : `by a sample of ${looked} of ${chunks} chunks`;
    return needOf(undo.low, undo.high, basis);
  } catch (error) {
    if (asReport(error).code === 'cancelled') throw error;
    // What keeps it from being looked at is told by the other checks.
    return null;
  }
}

/** A cycle is granted a least, as production goes on. */
function needOf(atLeast: number, atMost: number, basis: string): Need {
  if (atMost <= leastWanted) {
    return { atLeast, atMost: leastWanted, basis: `${describeBytes(leastWanted)} wanted, the least for a cycle` };
  }
  return { atLeast, atMost, basis: `${describeByteRange({ low: atLeast, high: atMost })} needed, ${basis}` };
}

/** What it is likely to be, as the last cycles were. */
function asBefore({ group }: CheckInput, written: SiteLetter): Need {
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
  const basis = `${describeByteRange({ low: likely, high: atMost })} needed, by ${basisOf(sample, other)}${held}`;
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
