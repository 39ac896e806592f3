/**
 * Sources that have grown since their pair was copied. With the next cycle the replica grows too: a file is made longer
 * first, then the cycle compares what lies beyond the old end as it would in a seed, and saves what it overwrites. The
 * new size becomes true with the point of that cycle (store/pairs.ts), so a cycle that is cut off or taken back leaves
 * the old one, and all points as good as they were.
 */
import type { Operation, SiteLetter } from '../../contract/phases.ts';
import type { PairDefinition } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { describeIfItAnswers } from './targets.ts';

export interface Growth {
  pair: PairDefinition;
  /** The source's size now, bytes. */
  toBytes: number;
  /** Whether the replica is a file that has to be made longer. */
  extends: boolean;
  /** Why the pair cannot grow with it, as half a sentence; null where it can. */
  against: string | null;
}

/**
 * The pairs of which the source is larger than the pair. `anew`: all is compared and no older point rests on what the
 * target holds. Else the old size has to be a whole number of chunks: what journals and maps say of a last chunk that
 * was cut short would not hold for the whole one.
 */
export function growthOf(
  group: OpenGroup,
  platform: VolumePlatform,
  pairs: readonly PairDefinition[],
  target: SiteLetter,
  anew: boolean,
): Growth[] {
  const { chunkSizeBytes } = group.definition.policy;
  return pairs.flatMap((pair) => {
    const toBytes = describeIfItAnswers(platform, pair.paths[otherSite(target)])?.sizeBytes ?? 0;
    const replica = describeIfItAnswers(platform, pair.paths[target]);
    if (toBytes <= pair.sizeBytes || replica === null) return [];
    const short = replica.sizeBytes < toBytes;
    const small = short && replica.kind !== 'file';
    const odd = !anew && pair.sizeBytes % chunkSizeBytes !== 0;
    const against = small
      ? `its replica ${replica.path} has ${replica.sizeBytes} bytes only`
      : odd
        ? `its old size is no whole number of chunks of ${chunkSizeBytes} bytes`
        : null;
    return [{ pair, toBytes, extends: short, against }];
  });
}

/** The size of a pair whose target is a file that is made now: its source's, where that has grown. Bytes. */
export function sizeWhenMade(platform: VolumePlatform, pair: PairDefinition, target: SiteLetter): number {
  if (describeIfItAnswers(platform, pair.paths[target]) !== null) return pair.sizeBytes;
  return Math.max(pair.sizeBytes, describeIfItAnswers(platform, pair.paths[otherSite(target)])?.sizeBytes ?? 0);
}

/** What to do for a pair that cannot grow with its source. In a reprotect its pairs cannot be changed. */
export function remedyOfGrowth(
  { name, operation }: { name: string; operation: Operation },
  { pair, toBytes }: Growth,
  target: SiteLetter,
): string {
  if (operation === 'reprotect') {
    return `Where what lies beyond is in use, give the pair a volume of at least ${toBytes} bytes: sitepair reprotect ${name} --replace ${pair.id}=PATH --confirm ${name}.`;
  }
  const pairOfPaths = `${pair.paths[otherSite(target)]}::${pair.paths[target]}`;
  return `Copy ${pair.id} anew, that pair only: sitepair group remove-pair ${name} ${pair.id} --confirm ${name}, then sitepair group add-pair ${name} ${pairOfPaths} --overwrite --confirm ${name}. A device needs at least ${toBytes} bytes for it; a file is made longer.`;
}

/** Makes the replicas long enough, durably, and gives the new sizes by the pairs' numbers. */
export function grow(
  group: OpenGroup,
  context: RunContext,
  pairs: readonly PairDefinition[],
  target: SiteLetter,
  anew: boolean,
): ReadonlyMap<number, number> {
  const growths = growthOf(group, context.platform, pairs, target, anew).filter(({ against }) => against === null);
  for (const { pair, toBytes, extends: short } of growths) {
    if (short) context.platform.extendFile(pair.paths[target], toBytes);
  }
  return new Map(growths.map(({ pair, toBytes }) => [pair.number, toBytes]));
}
