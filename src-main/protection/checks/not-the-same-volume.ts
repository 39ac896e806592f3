import { overlap, type VolumeDescription } from '../../volumes/volume.ts';
import { describeIfThere } from '../operations/targets.ts';
import { type Check, type Finding, pass } from './check.ts';

export const notTheSameVolume: Check = {
  id: 'not-the-same-volume',
  title: 'All volumes are different ones',
  why: 'The same disk can be reached under two names; copying it onto itself, or two pairs onto one, destroys data.',
  look: ({ context, scope }): Finding => {
    const volumes: VolumeDescription[] = [];
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
    if (same.length > 0) {
      return { status: 'fail', found: same.join('; '), remedy: 'Give each pair two volumes of its own.' };
    }
    return pass(`${volumes.length} volumes, none of them shares bytes with another.`);

    function reachable(path: string): VolumeDescription | null {
      try {
        return describeIfThere(context.platform, path);
      } catch {
        return null;
      }
    }
  },
};
