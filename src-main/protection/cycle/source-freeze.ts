/**
 * What a cycle reads, and how consistent that is: snapshots that a hook named, reflink clones where the file system can
 * make them, else the volumes themselves, watched for writes.
 */
import fs from 'node:fs';
import type { Consistency } from '../../contract/groups.ts';
import type { PairDefinition } from '../../store/record.ts';
import type { VolumePlatform, WriteMark } from '../../volumes/volume.ts';
import { reasonOf } from '../errors.ts';
import { describeIfThere } from '../operations/targets.ts';

/** What is read for each pair, by its number. */
export interface FrozenSource {
  paths: Map<number, string>;
  /** How consistent the point is, looked at when all is read; where it is fuzzy, what each volume owes that to. */
  judge: (hookQuiesced: boolean) => { consistency: Consistency; doubts: string[] };
  /** Removes what was made. */
  release: () => void;
}

const suffix = '.sitepair-frozen';

/**
 * Removes clones that a killed cycle left beside the source's files. Never fails, as the source may be lost: gives a
 * sentence for each one that stays. Beside what is not there nothing is looked for.
 */
export function releaseLeftovers(platform: VolumePlatform, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    try {
      if (describeIfThere(platform, path) !== null) fs.rmSync(path + suffix, { force: true });
      return [];
    } catch (error) {
      const why = reasonOf(error).replace(/\.$/, '');
      return [`A clone that an earlier cycle may have left beside ${path} could not be taken away: ${why}.`];
    }
  });
}

/**
 * Freezes the sources as well as can be done. `snapshots` come from the hook. All pairs must be reached; throws what
 * describing a volume throws.
 */
export function freezeSources(
  platform: VolumePlatform,
  pairs: readonly PairDefinition[],
  sourceOf: (pair: PairDefinition) => string,
  snapshots: ReadonlyMap<number, string>,
): FrozenSource {
  const direct = pairs.filter((pair) => !snapshots.has(pair.number));
  const marks = (): WriteMark[] => direct.map((pair) => platform.describe(sourceOf(pair)).writeMark);
  settle(platform, direct.map(sourceOf));
  const before = marks();
  const clones = new Map<number, string>();
  const release = (): void => {
    for (const clone of clones.values()) fs.rmSync(clone, { force: true });
    clones.clear();
  };
  for (const pair of direct) {
    const clone = cloneOf(platform, sourceOf(pair));
    if (clone === null) break;
    clones.set(pair.number, clone);
  }
  let frozen: boolean;
  try {
    frozen = clones.size === direct.length && sameMarks(before, marks());
  } catch (error) {
    release();
    throw error;
  }
  if (clones.size < direct.length) release();
  const paths = new Map(
    pairs.map((pair) => [pair.number, snapshots.get(pair.number) ?? clones.get(pair.number) ?? sourceOf(pair)]),
  );
  return {
    paths,
    release,
    judge: (hookQuiesced) => {
      if (hookQuiesced) return { consistency: 'application', doubts: [] };
      if (frozen) return { consistency: 'crash', doubts: [] };
      settle(platform, direct.map(sourceOf));
      const after = marks();
      const doubts = direct.flatMap((pair, n) => {
        const path = sourceOf(pair);
        if (after[n]?.writes !== before[n]?.writes) return [`${path} was written`];
        const use = platform.uses(path).find((one) => one.writes);
        return use === undefined ? [] : [`${path} was in use (${use.detail})`];
      });
      const consistency = doubts.length === 0 && clones.size === 0 ? 'crash' : 'fuzzy';
      return { consistency, doubts };
    },
  };
}

/** A reflink clone beside a source; null where none can be made, for want of space or rights too: it is read itself. */
function cloneOf(platform: VolumePlatform, source: string): string | null {
  const clone = source + suffix;
  try {
    fs.rmSync(clone, { force: true });
    return platform.describe(source).kind === 'file' && platform.reflink(source, clone) ? clone : null;
  } catch {
    return null;
  }
}

/** Within a cycle, so of one attachment. */
function sameMarks(before: readonly WriteMark[], after: readonly WriteMark[]): boolean {
  return before.every((mark, n) => mark.writes === after[n]?.writes);
}

/** Flushes what the system still holds for a device, so that its write counters tell of new writes only. */
function settle(platform: VolumePlatform, paths: readonly string[]): void {
  for (const path of paths) {
    if (platform.describe(path).kind !== 'block-device') continue;
    const handle = platform.open(path, 'read');
    try {
      handle.flush();
    } finally {
      handle.close();
    }
  }
}
