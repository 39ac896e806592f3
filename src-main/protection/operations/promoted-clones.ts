/**
 * Where the file system has reflinks, promoted volumes are cloned before production starts on them. So the point can
 * still be changed after production has written: its version is set aside beside the volumes as the point
 * `before-change`, and the clone takes its place.
 *
 * Every step can be cut off and done again: which files are there tells how far it came.
 */
import fs from 'node:fs';
import path from 'node:path';
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';

const promoted = '.sitepair-promoted';
const beforeChange = '.sitepair-before-change-';

function volumesAt(group: OpenGroup, site: SiteLetter): string[] {
  return group.definition.pairs.map((pair) => pair.paths[site]);
}

function flushFolder(file: string): void {
  const fd = fs.openSync(path.dirname(file), 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Clones all volumes of a side, or none: false where the file system of one cannot. */
export function cloneVolumes(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): boolean {
  const volumes = volumesAt(group, site);
  for (const volume of volumes) fs.rmSync(volume + promoted, { force: true });
  try {
    if (volumes.every((volume) => platform.reflink(volume, volume + promoted))) return true;
  } catch {
    // No space, or no right to write beside the volumes: then there is no clone, as on other file systems.
  }
  for (const volume of volumes) fs.rmSync(volume + promoted, { force: true });
  return false;
}

/** Throws where a file lies in the place of a version that is to be set aside, of a group that was removed perhaps. */
export function assertFree(group: OpenGroup, site: SiteLetter, epoch: number): void {
  const taken = volumesAt(group, site)
    .map((volume) => `${volume}${beforeChange}${epoch}`)
    .find((file) => fs.existsSync(file));
  if (taken === undefined) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `Production's version cannot be set aside: ${taken} is there already.`,
    where: taken,
    remedy: 'See whether that file is still needed, move it away, then try again.',
  });
}

/**
 * Sets production's version aside under the epoch of the promotion that changes the point, and puts the clones in its
 * place. Versions that were set aside earlier stay: each may be the only copy of what production wrote.
 */
export function setAside(group: OpenGroup, platform: VolumePlatform, site: SiteLetter, epoch: number): void {
  for (const volume of volumesAt(group, site)) {
    const kept = `${volume}${beforeChange}${epoch}`;
    // Once production's version is set aside, what lies in its place is ours, whole or not.
    if (fs.existsSync(kept)) fs.rmSync(volume, { force: true });
    else fs.renameSync(volume, kept);
    platform.reflink(volume + promoted, volume);
    keepOwner(kept, volume);
    flushFolder(volume);
  }
}

/** Brings production's version back in place of volumes that are still at their point, so that nothing is lost. */
export function bringBack(group: OpenGroup, site: SiteLetter, epoch: number): void {
  for (const volume of volumesAt(group, site)) {
    const kept = `${volume}${beforeChange}${epoch}`;
    if (fs.existsSync(kept)) fs.renameSync(kept, volume);
    flushFolder(volume);
  }
}

/** What a version that was set aside takes, bytes; null where a file of it is not there. */
export function setAsideBytes(group: OpenGroup, site: SiteLetter, epoch: number): number | null {
  let bytes = 0;
  for (const volume of volumesAt(group, site)) {
    const stat = fs.statSync(`${volume}${beforeChange}${epoch}`, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    bytes += stat.blocks * 512;
  }
  return bytes;
}

/** Lets the clones of the promoted volumes go. */
export function removeClones(group: OpenGroup, site: SiteLetter): void {
  for (const volume of volumesAt(group, site)) fs.rmSync(volume + promoted, { force: true });
}

/** Lets one version go that was set aside. */
export function removeSetAside(group: OpenGroup, site: SiteLetter, epoch: number): void {
  for (const volume of volumesAt(group, site)) fs.rmSync(`${volume}${beforeChange}${epoch}`, { force: true });
}

/** Lets clones and all set-aside versions go. */
export function removeAllVersions(group: OpenGroup, site: SiteLetter): void {
  for (const volume of volumesAt(group, site)) {
    for (const file of [volume + promoted, ...setAsideOf(volume)]) fs.rmSync(file, { force: true });
  }
}

function setAsideOf(volume: string): string[] {
  const folder = path.dirname(volume);
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(path.basename(volume) + beforeChange))
    .map((name) => path.join(folder, name));
}

function keepOwner(from: string, to: string): void {
  const { uid, gid, mode } = fs.statSync(from);
  fs.chownSync(to, uid, gid);
  fs.chmodSync(to, mode & 0o7777);
}
