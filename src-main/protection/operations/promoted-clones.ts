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
import type { SiteRecord } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { stalledError } from '../../volumes/linux/silence.ts';
import { openFault } from '../../volumes/linux/system-error.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { asReport, reasonOf } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { warnOf, type RunContext } from '../run-context.ts';

const promoted = '.sitepair-promoted';
const beforeChange = '.sitepair-before-change-';

function volumesAt(group: OpenGroup, site: SiteLetter): string[] {
  return group.definition.pairs.map((pair) => pair.paths[site]);
}

/** The clones of a side's promoted volumes, be they there or not. */
export function clonesAt(group: OpenGroup, site: SiteLetter): string[] {
  return volumesAt(group, site).map((volume) => volume + promoted);
}

/** The files of a version that was set aside under an epoch. */
export function versionAt(group: OpenGroup, site: SiteLetter, epoch: number): string[] {
  return volumesAt(group, site).map((volume) => `${volume}${beforeChange}${epoch}`);
}

/** The clones that the record of a side counts on: what ends them makes them leftovers. */
export function countedClonesAt(group: OpenGroup, site: SiteLetter): string[] {
  return group.recordOf(site)?.promotedClones === true ? clonesAt(group, site) : [];
}

/** The files that a record counts on beside a volume, as they are called where that lies at this path. */
export function filesBeside({ promotedClones, beforeChange: versions }: SiteRecord, volume: string): string[] {
  const kept = versions.map(({ epoch }) => `${volume}${beforeChange}${epoch}`);
  return promotedClones ? [volume + promoted, ...kept] : kept;
}

/** All files that the record of a side counts on beside its volumes. */
export function allVersionsAt(group: OpenGroup, site: SiteLetter): string[] {
  const record = group.recordOf(site);
  return record === null ? [] : volumesAt(group, site).flatMap((volume) => filesBeside(record, volume));
}

/** The volume that such a file lies beside. */
export function volumeBeside(file: string): string {
  return file.slice(0, file.lastIndexOf('.sitepair-'));
}

/** Does a step with a file; what the system refuses is told as it is of a volume. */
function onFile(file: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    throw openFault(error, file, true);
  }
}

/** Throws where that cannot be told: a disk that gives an error does not say that nothing is there. */
function isThere(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false }) !== undefined;
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
  try {
    for (const volume of volumes) fs.rmSync(volume + promoted, { force: true });
    if (volumes.every((volume) => platform.reflink(volume, volume + promoted))) return true;
  } catch {
    // No space, or no right to write beside the volumes: then there is no clone, as on other file systems.
  }
  return false;
}

/** The clones that are not there, though the points rest on them. */
export function missingClones(group: OpenGroup, site: SiteLetter): string[] {
  return clonesAt(group, site).filter((file) => !fs.existsSync(file));
}

/** What is said of them. */
export function describeMissingClones(missing: readonly string[]): { found: string; remedy: string } {
  return {
    found: `Without ${missing.join(', ')} the volumes cannot be brought to a point any more: that is the clone that was made when they were promoted.`,
    remedy: 'Put it back there; without it only what the volumes hold now can be gone on with.',
  };
}

/** The clones, open to be read. The caller closes them. */
export function openClones(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): VolumeSet {
  return new VolumeSet((number) => {
    const pair = group.definition.pairs.find((one) => one.number === number);
    return platform.open(`${pair?.paths[site] ?? ''}${promoted}`, 'read');
  });
}

/**
 * Throws where the volumes could not be exchanged with their clones: one is not there, or a file lies in the place of a
 * version that is to be set aside, of a group that was removed perhaps.
 */
export function assertExchangeable(group: OpenGroup, site: SiteLetter, epoch: number): void {
  const missing = missingClones(group, site);
  if (missing.length > 0) {
    const { found, remedy } = describeMissingClones(missing);
    throw new SitepairError({ code: 'not-allowed', message: found, where: missing.join(', '), remedy });
  }
  const taken = versionAt(group, site, epoch).find((file) => fs.existsSync(file));
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
export function setAside(group: OpenGroup, context: RunContext, site: SiteLetter, epoch: number): void {
  for (const volume of volumesAt(group, site)) {
    const kept = `${volume}${beforeChange}${epoch}`;
    onFile(volume, () => {
      // Once production's version is set aside, what lies in its place is ours, whole or not.
      if (isThere(kept)) fs.rmSync(volume, { force: true });
      else fs.renameSync(volume, kept);
      if (!context.platform.reflink(volume + promoted, volume)) throw new Error('its clone cannot be cloned again');
      keepOwner(context, kept, volume);
      flushFolder(volume);
    });
  }
}

/** Ids of the pairs whose volume at a side gets a successor, as it was lost perhaps. */
export type Replaced = ReadonlySet<string>;

/**
 * Brings production's version back in place of volumes that are still at their point, so that nothing is lost. The
 * volume of a pair that is replaced may be lost: where its version stays, that is said.
 */
export function bringBack(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  epoch: number,
  replaced: Replaced = new Set(),
): void {
  for (const { id, paths } of group.definition.pairs) {
    const volume = paths[site];
    const kept = `${volume}${beforeChange}${epoch}`;
    try {
      if (replaced.has(id) && isSilent(context.platform, volume)) throw stalledError(volume);
      onFile(kept, () => {
        if (isThere(kept)) fs.renameSync(kept, volume);
        flushFolder(volume);
      });
    } catch (error) {
      if (!replaced.has(id)) throw error;
      warnOf(
        context,
        `What production wrote to ${id} could not be brought back; ${kept} stays, and is not looked after any more`,
        error,
      );
    }
  }
}

/** The files of a version that are not there, of pairs that are not replaced. */
export function missingOf(group: OpenGroup, site: SiteLetter, epoch: number, replaced: Replaced): string[] {
  const files = group.definition.pairs.flatMap(({ id, paths }) =>
    replaced.has(id) ? [] : [`${paths[site]}${beforeChange}${epoch}`],
  );
  return files.filter((file) => !fs.existsSync(file));
}

/** Whether a volume is known not to answer: nothing that lies beside it is asked for either. */
function isSilent(platform: VolumePlatform, volume: string): boolean {
  try {
    platform.describe(volume);
    return false;
  } catch (error) {
    return asReport(error).code === 'volume-stalled';
  }
}

/** What a version that was set aside takes, bytes; null where a file of it is not there, or cannot be looked at. */
export function setAsideBytes(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  epoch: number,
): number | null {
  if (volumesAt(group, site).some((volume) => isSilent(platform, volume))) return null;
  try {
    return versionAt(group, site, epoch).reduce((bytes, file) => bytes + fs.statSync(file).blocks * 512, 0);
  } catch {
    return null;
  }
}

function chown(file: string, uid: number, gid: number): unknown {
  try {
    fs.chownSync(file, uid, gid);
    return null;
  } catch (error) {
    return error;
  }
}

/** Gives a file the owner, group and mode of another. A user who may not is told; nothing waits for that. */
function keepOwner(context: RunContext, from: string, to: string): void {
  const { uid, gid, mode } = fs.statSync(from);
  const refused = chown(to, uid, gid);
  // The group alone may be given by its members; without it its rights would be another group's.
  const sameGroup = refused === null || chown(to, fs.statSync(to).uid, gid) === null;
  fs.chmodSync(to, mode & (sameGroup ? 0o7777 : 0o7707));
  if (refused === null) return;
  context.reporter.warn(
    `The owner of ${to} could not be kept (${reasonOf(refused)}). Before production is started on it, run as root: chown ${uid}:${gid} '${to}'; chmod ${(mode & 0o7777).toString(8)} '${to}'`,
  );
}
