import fs from 'node:fs';
import path from 'node:path';
import { allPairs } from '../../store/pairs.ts';
import { overlap } from '../../volumes/volume.ts';
import { otherSite } from '../states.ts';
import { describeIfItAnswers } from '../operations/targets.ts';
import { type Check, type Finding, pass, stalls } from './check.ts';

/** Files smaller than this beside a volume are not taken for volumes. */
const leastBytes = 1 << 20;

export const unprotectedVolumes: Check = {
  id: 'unprotected-volumes',
  title: 'No volume was forgotten',
  why: 'A volume that was added beside the protected ones is missing after a failover.',
  look: ({ group, context }): Finding => {
    const stalled = group.definition.pairs
      .flatMap((pair) => [pair.paths.A, pair.paths.B])
      .find((volume) => stalls(context, volume));
    if (stalled !== undefined) {
      return {
        status: 'unknown',
        found: `${stalled} does not answer, so what lies beside it cannot be seen.`,
        remedy: 'Check again when it answers.',
      };
    }
    const active = group.state.activeSite ?? otherSite(group.replicaSite);
    const pairs = [group.definition, ...context.others].flatMap(allPairs);
    const paths = pairs.flatMap((pair) => [pair.paths.A, pair.paths.B]);
    const names = new Set(paths.map(real));
    const known = paths.flatMap((volume) => describeIfItAnswers(context.platform, volume) ?? []);
    // The image under a protected device is not forgotten, whatever it is called.
    const isKnown = (candidate: string): boolean => {
      if (names.has(real(candidate))) return true;
      const described = describeIfItAnswers(context.platform, candidate);
      return described !== null && known.some((volume) => overlap(volume, described));
    };
    const forgotten = new Set<string>();
    for (const pair of group.definition.pairs) {
      for (const candidate of besides(pair.paths[active])) if (!isKnown(candidate)) forgotten.add(candidate);
    }
    if (forgotten.size === 0) {
      return pass('Nothing that looks like a volume lies unprotected beside the protected ones.');
    }
    const shown = [...forgotten].slice(0, 5).join(', ');
    return {
      status: 'warn',
      found: `Beside the protected volumes lie ${forgotten.size} that no group has: ${shown}${forgotten.size > 5 ? ', …' : ''}.`,
      remedy: 'Protect them in a group of their own, if they matter.',
    };
  },
};

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** Files of the same kind in the same folder, or the other partitions of the same disk. */
function besides(volume: string): string[] {
  try {
    if (fs.statSync(volume).isBlockDevice()) return partitionsBeside(real(volume));
    const extension = path.extname(volume);
    return fs
      .readdirSync(path.dirname(volume))
      .map((name) => path.join(path.dirname(volume), name))
      .filter((file) => path.extname(file) === extension && file !== volume && isVolumeFile(file));
  } catch {
    return [];
  }
}

function isVolumeFile(file: string): boolean {
  const found = fs.statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size >= leastBytes;
}

function partitionsBeside(device: string): string[] {
  const name = path.basename(device);
  const disk = path.dirname(fs.realpathSync(`/sys/class/block/${name}`));
  if (!fs.existsSync(`/sys/class/block/${name}/partition`)) return [];
  return fs
    .readdirSync(disk)
    .filter((entry) => entry !== name && fs.existsSync(path.join(disk, entry, 'partition')))
    .map((entry) => `/dev/${entry}`);
}
