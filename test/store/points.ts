/** Groups with several points, for the tests of what is done with points. */
import type { StoredPoint } from '../../src-main/store/record.ts';
import type { Disk } from '../../src-main/store/disk.ts';
import { SmallGroup } from './group.ts';
import { Random } from './sim/random.ts';
import { writeAtRandom } from './sim/writes.ts';

export interface Chain {
  group: SmallGroup;
  /** Oldest first. */
  points: StoredPoint[];
  /** What the volumes held at each. */
  contents: Buffer[][];
}

/** A group with `count` points, each with changes here and there. */
export async function chainOf(count: number, options: { disk?: Disk; lanes?: number } = {}): Promise<Chain> {
  const group = new SmallGroup([20_000, 9000], options);
  const random = new Random(count);
  const chain: Chain = { group, points: [], contents: [] };
  for (let n = 0; n < count; n += 1) {
    for (let times = 0; times < 4; times += 1) {
      for (const volume of group.sources.volumes) writeAtRandom(volume, random);
    }
    chain.points.push(await group.cycle());
    chain.contents.push(group.site.contents());
  }
  return chain;
}

/** The point at a place of the chain. */
export function pointAt(chain: Chain, index: number): StoredPoint {
  const point = chain.points.at(index);
  if (point === undefined) throw new Error(`no point ${index}`);
  return point;
}
