/** Volumes that lie beside the protected ones of a group and that no group has. */
import fs from 'node:fs';
import path from 'node:path';
import { allPairs } from '../store/pairs.ts';
import type { GroupDefinition } from '../store/record.ts';
import { overlap, type VolumePlatform } from '../volumes/volume.ts';
import { devicesBeside } from './devices-beside.ts';
import type { OpenGroup } from './group.ts';
import { describeIfItAnswers } from './operations/targets.ts';
import { otherSite } from './states.ts';

/** Files smaller than this beside a volume are not taken for volumes. */
const leastBytes = 1 << 20;

export interface Unprotected {
  path: string;
  sizeBytes: number | null;
  /** What a device is, whatever its name; null for a file. */
  identity: string | null;
}

/** Those beside the volumes that are in production, by path. `others`: the other groups that are known here. */
export function unprotectedBeside(
  group: OpenGroup,
  platform: VolumePlatform,
  others: readonly GroupDefinition[],
): Unprotected[] {
  const active = group.state.activeSite ?? otherSite(group.replicaSite);
  const paths = [group.definition, ...others].flatMap(allPairs).flatMap((pair) => [pair.paths.A, pair.paths.B]);
  const names = new Set(paths.map(real));
  const known = paths.flatMap((volume) => describeIfItAnswers(platform, volume) ?? []);
  const found = new Map<string, Unprotected>();
  for (const pair of allPairs(group.definition)) {
    for (const candidate of besides(pair.paths[active])) {
      if (found.has(candidate) || names.has(real(candidate))) continue;
      const described = describeIfItAnswers(platform, candidate);
      // The image under a protected device is not forgotten, whatever it is called.
      if (described !== null && known.some((volume) => overlap(volume, described))) continue;
      const { sizeBytes = null, identity = null } = described ?? {};
      found.set(candidate, { path: candidate, sizeBytes, identity });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a volume is one that was dismissed: a device only where it is the same one still, under any name. */
export function isDismissed(
  { path: at, identity }: Unprotected,
  dismissed: readonly { path: string; identity: string | null }[],
): boolean {
  return dismissed.some((one) =>
    identity === null ? one.path === at && one.identity === null : one.identity === identity,
  );
}

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

/** Files of the same kind in the same folder, or the devices that belong together with this one. */
function besides(volume: string): string[] {
  try {
    if (fs.statSync(volume).isBlockDevice()) return devicesBeside(real(volume));
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
