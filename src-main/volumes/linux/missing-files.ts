/** Files that are to become volumes and are not there yet: which ones they will be, and whether they may be made. */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { VolumeDescription } from '../volume.ts';
import { isNetworkType, isPseudoType } from './file-system-types.ts';
import { mountHolding, readMounts, remotePath } from './mounts.ts';

function isInside(folder: string, top: string): boolean {
  return folder === top || folder.startsWith(`${top}/`);
}

/**
 * Why no file can be made at a path where nothing answers, as a clause; null where one can be, or where its folder is
 * not there either. A device that is not attached must not become a file in memory that is gone with the next restart.
 */
export function reasonAgainstFile(path: string): string | null {
  const folder = folderOf(path);
  if (folder === null) return null;
  if (lstatSync(resolve(path), { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    return 'it is a link to what is not there';
  }
  if (isInside(folder, '/dev')) return 'the device is not attached, and files are not made among devices';
  const type = mountHolding(readMounts(), folder)?.type ?? '';
  const gone = isPseudoType(type) && (type !== 'tmpfs' || isInside(folder, '/run'));
  return gone ? `${folder} is no place for files that are to outlive a restart (${type})` : null;
}

/**
 * What stands for a volume that is not made yet: its name in its folder, by whichever way that is reached. Null where
 * its folder is not there.
 */
export function plannedVolume(path: string): Pick<VolumeDescription, 'path' | 'footprints'> | null {
  const folder = folderOf(path);
  if (folder === null) return null;
  const name = basename(resolve(path));
  const { dev, ino } = statSync(folder, { bigint: true });
  const range = { start: 0, end: 1 };
  const footprints = [{ space: `name:${dev}:${ino}/${name}`, range }];
  const mount = mountHolding(readMounts(), folder);
  if (mount !== null && isNetworkType(mount.type)) {
    footprints.push({ space: `name:${remotePath(mount, join(folder, name))}`, range });
  }
  return { path, footprints };
}

function folderOf(path: string): string | null {
  try {
    return realpathSync(dirname(resolve(path)));
  } catch {
    return null;
  }
}
