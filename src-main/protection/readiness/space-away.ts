/**
 * The undo space that a way back will take, told while production is still at the side that it leads to: what that side
 * wrote after the last cycle, and what the other one will write while production is there, are both overwritten or
 * saved by then. Cycles of the past say how much that is in a day.
 */
import fs from 'node:fs';
import { counted, describeBytes, describeSeconds } from '../../contract/wording.ts';
import type { StoredPoint } from '../../store/record.ts';
import { type Check, type CheckInput, type Finding, pass } from '../checks/check.ts';
import { undoSpace } from '../checks/undo-space.ts';
import { otherSite } from '../states.ts';

/** How long production is taken to be away, seconds. */
const awaySeconds = 86_400;

export const spaceAway: Check = {
  ...undoSpace,
  look: (input): Finding => {
    const { group, scope } = input;
    const site = scope.written ?? otherSite(group.replicaSite);
    const side = group.sides[site];
    if (side.store === null) {
      return { status: 'unknown', found: 'The store cannot be read.', remedy: 'Mount its file system.' };
    }
    const { blocks, bavail, bsize } = fs.statfsSync(side.folder);
    if (blocks === 0) {
      return {
        status: 'unknown',
        found: `The file system of ${side.folder} does not tell how much is free there.`,
        remedy: 'See to it that it has room for what changes while production is away.',
      };
    }
    const free = bavail * bsize;
    const all = scope.pairs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const said = `${describeBytes(free)} free in ${side.folder}`;
    if (free >= all) return pass(`${said}, enough even if all ${describeBytes(all)} of the volumes change.`);
    const pace = paceOf(input);
    const remedy = (wanted: number): string =>
      `Free ${describeBytes(wanted - free)} on that file system, or move the store.`;
    if (pace === null) {
      return {
        status: 'unknown',
        found: `${said}. How much a day away would take is not known before two cycles have run: at most ${describeBytes(all)}.`,
        remedy: `Run cycles first (sitepair sync ${group.name}); or: ${remedy(all)}`,
      };
    }
    const low = Math.min(all, pace.largest);
    const high = Math.min(all, Math.ceil(pace.largest + pace.bytesPerSecond * awaySeconds));
    const found = `${said}; after a day away the way back takes ${describeBytes(low)} to ${describeBytes(high)}, by ${pace.basis}.`;
    if (free >= high) return pass(found);
    return { status: free < low ? 'fail' : 'warn', found, remedy: remedy(high) };
  },
};

interface Pace {
  bytesPerSecond: number;
  /** What the largest of the cycles saved, bytes. */
  largest: number;
  basis: string;
}

/** How fast production changed its volumes between the cycles whose points are kept; null where that is not known. */
function paceOf({ group }: CheckInput): Pace | null {
  const points = (group.recordOf(group.replicaSite)?.points ?? []).filter(({ kind }) => kind === 'cycle');
  const [first, ...later] = points;
  const last = later.at(-1);
  if (first === undefined || last === undefined) return null;
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1000;
  // A clock that was set back tells no pace.
  if (seconds <= 0) return null;
  const sizes = later.map(savedBy);
  const bytes = sizes.reduce((sum, one) => sum + one, 0);
  return {
    bytesPerSecond: bytes / seconds,
    largest: Math.max(...sizes),
    basis: `what ${counted(later.length, 'cycle')} saved in ${describeSeconds(seconds)} (${describeBytes(bytes)})`,
  };
}

function savedBy({ undo }: StoredPoint): number {
  return undo.reduce((sum, { bytes }) => sum + bytes, 0);
}
