/** That what a command before a cycle named for a pair's snapshot is nothing else that is read or written there. */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { allPairs } from '../../store/pairs.ts';
import type { PairDefinition } from '../../store/record.ts';
import { overlap, type VolumeDescription } from '../../volumes/volume.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';

interface Known {
  volume: VolumeDescription;
  what: string;
  /** The number of the pair that it belongs to, where its own snapshot may be that volume itself. */
  sourceOf: number | null;
}

/**
 * Throws `hook-failed` where a snapshot shares bytes with a volume that the cycle writes, with what another pair reads,
 * or with a volume of another group: its content would become a point of this pair. Throws as `describe` for a snapshot
 * that is not there.
 */
export function assertSnapshotsApart(
  { platform, others }: Pick<RunContext, 'platform' | 'others'>,
  pairs: readonly PairDefinition[],
  source: SiteLetter,
  snapshots: ReadonlyMap<number, string>,
): void {
  if (snapshots.size === 0) return;
  const find = (path: string, what: string, sourceOf: number | null): Known[] => {
    try {
      return [{ volume: platform.describe(path), what: `${path}, ${what}`, sourceOf }];
    } catch {
      return [];
    }
  };
  const known = pairs.flatMap(({ id, number, paths }) => [
    ...find(paths[otherSite(source)], `the target of ${id}`, null),
    ...find(paths[source], `the source of ${id}`, number),
  ]);
  for (const other of others) {
    const { name } = other;
    const volumes = allPairs(other).flatMap(({ paths }) => [paths.A, paths.B]);
    known.push(...volumes.flatMap((path) => find(path, `a volume of the group ${name}`, null)));
  }
  for (const [number, path] of snapshots) {
    const volume = platform.describe(path);
    const { id = '', paths } = pairs.find((pair) => pair.number === number) ?? {};
    const same = known.find((one) => one.sourceOf !== number && overlap(volume, one.volume));
    if (same !== undefined) {
      throw new SitepairError({
        code: 'hook-failed',
        message: `The command before the cycle named ${path} as the snapshot of ${id}, but that is the same as, or shares bytes with, ${same.what}; nothing was read.`,
        where: path,
        remedy: `Let the command print ${id}=PATH with the path of a snapshot of ${paths?.[source] ?? id}, then start again.`,
      });
    }
    known.push({ volume, what: `${path}, the snapshot of ${id}`, sourceOf: null });
  }
}
