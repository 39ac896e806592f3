/** What it takes to bring a site's volumes to one of its points, in sentences: bytes and time. */
import { describeTimeRange } from '../../contract/forecast-words.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { describeBytes } from '../../contract/wording.ts';
import { comparePoints, samePoint, type PointKey } from '../../store/record.ts';
import { writingRate } from '../forecast/writing-rate.ts';
import type { CheckInput } from './check.ts';

/** How long the disks of the store and of the replicas that are files are measured, seconds. */
const measured = 0.15;
/** Each byte goes into the scratch, the volume and the journal: at best side by side, at worst one after the other. */
const writesOfEach = { low: 1, high: 3 };
/** What is not writing takes so long at most, seconds. */
const aside = 1.5;

/** Nothing where the volumes are between two states, or the point is none of a cycle's there. */
export function wayToPoint({ group, context }: CheckInput, site: SiteLetter, point: PointKey | null): string[] {
  // A run measures nothing: what it will do was read before.
  if (context.runId !== '') return [];
  const { points = [], position = null, receiving = null, moving = null } = group.recordOf(site) ?? {};
  if (receiving !== null || moving !== null || point === null) return [];
  if (samePoint(point, position)) {
    return ['The volumes hold that point already: nothing is copied, and it takes a moment.'];
  }
  if (position === null || !points.some((one) => samePoint(one, point))) return [];
  const [older, newer] = comparePoints(point, position) < 0 ? [point, position] : [position, point];
  const between = points.filter((one) => comparePoints(one, older) > 0 && comparePoints(one, newer) <= 0);
  const bytes = between.flatMap(({ undo }) => undo).reduce((sum, journal) => sum + journal.bytes, 0);
  const { folder } = group.sides[site];
  const said = `${describeBytes(bytes)} are written to the volumes, from the undo journals`;
  const volumes = group.definition.pairs.map(({ paths }) => paths[site]);
  const rate = writingRate(folder, volumes, measured);
  if (rate === null) return [`${said}; how fast the disk writes could not be measured.`];
  const low = (writesOfEach.low * bytes) / rate.high;
  const high = aside + (writesOfEach.high * bytes) / rate.low;
  return [`${said}, in ${describeTimeRange({ low, high })} at the rate at which the slowest disk writes now.`];
}
