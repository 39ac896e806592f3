import { allPairs } from '../../store/pairs.ts';
import { plannedVolume } from '../../volumes/linux/missing-files.ts';
import { overlap, type VolumeDescription } from '../../volumes/volume.ts';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type Finding, listed, pass } from './check.ts';

/** A volume, or the file that will be one. */
type Known = Pick<VolumeDescription, 'path' | 'footprints'>;

export const notTheSameVolume: Check = {
  id: 'not-the-same-volume',
  title: 'All volumes are different ones',
  why: 'The same disk can be reached under two names; copying it onto itself, or two pairs onto one, destroys data.',
  look: ({ context, group, scope }): Finding => {
    const volumes: Known[] = [];
    for (const pair of scope.pairs) {
      for (const path of [pair.paths.A, pair.paths.B]) {
        const description = reachable(path);
        if (description !== null) volumes.push(description);
      }
    }
    const same: string[] = [];
    volumes.forEach((one, n) => {
      for (const other of volumes.slice(n + 1)) {
        if (overlap(one, other)) same.push(`${one.path} and ${other.path} share bytes`);
      }
    });
    for (const other of context.others) {
      for (const path of allPairs(other).flatMap((pair) => [pair.paths.A, pair.paths.B])) {
        const theirs = reachable(path);
        const shared = theirs === null ? undefined : volumes.find((one) => overlap(one, theirs));
        if (shared !== undefined) same.push(`${shared.path} shares bytes with ${path} of the group ${other.name}`);
      }
    }
    if (same.length > 0) {
      return {
        status: 'fail',
        found: listed(same),
        remedy: `Give each pair two volumes of its own, that no other group has: sitepair group set ${group.name} --path PAIR_ID:recovery=PATH`,
      };
    }
    return pass(`${volumes.length} volumes, none of them shares bytes with another.`);

    function reachable(path: string): Known | null {
      try {
        return describeIfThere(context.platform, path) ?? plannedVolume(path);
      } catch {
        return null;
      }
    }
  },
};
