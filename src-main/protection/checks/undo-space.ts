import fs from 'node:fs';
import { describeBytes } from '../../contract/wording.ts';
import { describeIfThere, firstData } from '../operations/targets.ts';
import { otherSite } from '../states.ts';
import { type Check, type CheckInput, type Finding, pass } from './check.ts';
import { sampleAgainstMap } from './sample.ts';

export const undoSpace: Check = {
  id: 'undo-space',
  title: 'There is space to save what is overwritten',
  why: 'A cycle that runs out of undo space stops before it overwrites anything, and has to be rolled back.',
  look: async (input): Promise<Finding> => {
    const { group, scope } = input;
    const side = group.sides[scope.written ?? group.replicaSite];
    if (side.store === null) {
      return { status: 'unknown', found: 'The store cannot be read.', remedy: 'Mount its file system.' };
    }
    const space = fs.statfsSync(side.folder);
    const free = space.bavail * space.bsize;
    const need = await needed(input);
    const said = `${describeBytes(free)} free in ${side.folder}, ${need.basis}`;
    if (free < need.bytes) {
      return {
        status: need.certain ? 'fail' : 'warn',
        found: `${said}.`,
        remedy: `Free ${describeBytes(need.bytes - free)} on that file system, drop points (points --drop), or move the store.`,
      };
    }
    return pass(`${said}.`);
  },
};

/** Bytes that the journal may take, the upper end. */
async function needed(input: CheckInput): Promise<{ bytes: number; basis: string; certain: boolean }> {
  const { group, scope, context } = input;
  const written = scope.written ?? group.replicaSite;
  if (scope.operation === 'protect') {
    const bytes = scope.pairs.reduce(
      (sum, pair) => sum + (holdsData(input, pair.paths[written], pair.sizeBytes) ? pair.sizeBytes : 0),
      0,
    );
    const saved = context.request.discard === true ? 0 : bytes;
    return {
      bytes: saved,
      basis: saved === 0 ? 'nothing is to be saved' : `at most ${describeBytes(saved)} is to be saved`,
      certain: false,
    };
  }
  if (scope.operation === 'reprotect' || (scope.operation === 'undo' && scope.read !== null)) {
    const mapSite = scope.operation === 'reprotect' ? otherSite(written) : written;
    const mapStore = group.sides[mapSite].store;
    const sample = mapStore === null ? null : await sampleAgainstMap(input, written, mapStore, false);
    const other =
      mapStore === null || scope.read === null ? null : await sampleAgainstMap(input, scope.read, mapStore, false);
    if (sample !== null && other !== null) {
      const bytes = Math.min(sample.upperBytes + other.upperBytes, total(input));
      const likely = Math.min(sample.likelyBytes + other.likelyBytes, total(input));
      return {
        bytes,
        basis: `${describeBytes(likely)} to ${describeBytes(bytes)} needed, by ${sample.basis}`,
        certain: likely > 0,
      };
    }
    return {
      bytes: total(input),
      basis: `at most ${describeBytes(total(input))} needed (no digest map to tell by)`,
      certain: false,
    };
  }
  const points = group.sides[written].store?.record.points ?? [];
  const cycles = points.slice(-5).map((point) => point.undo.reduce((sum, journal) => sum + journal.bytes, 0));
  const bytes = Math.max(16 << 20, ...cycles.map((one) => 2 * one));
  return { bytes, basis: `${describeBytes(bytes)} wanted, twice the largest of the last cycles`, certain: false };
}

function total(input: CheckInput): number {
  return input.scope.pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
}

function holdsData(input: CheckInput, path: string, sizeBytes: number): boolean {
  if (describeIfThere(input.context.platform, path) === null) return false;
  return firstData(input.context.platform, path, sizeBytes, () => undefined) !== null;
}
