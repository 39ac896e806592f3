/**
 * Where a drill takes place: a folder with two sites and a catalog of its own. It is made anew, and of what it removes
 * everything was made by it.
 */
import fs from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SitepairError } from '../contract/errors.ts';
import { formatBytes } from '../contract/figures.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { isAbandoned, leaveMarker, markerName } from './marker.ts';
import type { DrillRemedies } from './remedies.ts';

const folders: Readonly<Record<SiteLetter, string>> = { A: 'hall-a', B: 'hall-b' };
/** Appended to a site's folder while it is out of reach. */
const lost = '.lost';
const homeFolder = 'home';
/** All that a drill makes in its folder, but for its marker. */
const made = [...Object.values(folders).flatMap((folder) => [folder, folder + lost]), homeFolder];
/** What the names of folders among the temporary files begin with. */
const temporaryName = 'sitepair-drill-';
/** What stores, catalog and journals take beside the volumes, bytes; generous. */
const beside = 96 << 20;
/** What both sites take at most, in sizes of a volume: three pairs. */
const volumesInAll = 6;

/** What a drill takes at most with volumes of this size; both are bytes. */
export function bytesAtMost(volumeBytes: number): number {
  return volumesInAll * volumeBytes + beside;
}

export class DrillPlace {
  /** Absolute. */
  readonly directory: string;
  readonly #madeDirectory: boolean;
  #outOfReach: SiteLetter | null = null;

  private constructor(directory: string, madeDirectory: boolean) {
    this.directory = directory;
    this.#madeDirectory = madeDirectory;
  }

  /**
   * Makes the folder `directory`, or uses it where it is empty; left out, a new one among the temporary files. Throws
   * `invalid-input`, `permission-denied`, `no-space`, and leaves nothing behind then.
   */
  static make(directory: string | undefined, volumeBytes: number, remedies: DrillRemedies): DrillPlace {
    const place =
      directory === undefined
        ? new DrillPlace(
            making(tmpdir(), remedies, () => fs.mkdtempSync(path.join(tmpdir(), temporaryName))),
            true,
          )
        : DrillPlace.#at(directory, remedies);
    try {
      place.#assertSpace(bytesAtMost(volumeBytes), remedies);
      making(place.directory, remedies, () => {
        for (const folder of Object.values(folders)) fs.mkdirSync(path.join(place.directory, folder));
      });
    } catch (error) {
      place.#unmake();
      throw error;
    }
    return place;
  }

  /**
   * Removes the folders among the temporary files that drills left behind whose processes are gone, and nothing else.
   * Never rejects: what cannot be removed is left.
   */
  static async removeAbandoned(): Promise<void> {
    const names = await readdir(tmpdir()).catch((): string[] => []);
    for (const name of names.filter((one) => one.startsWith(temporaryName))) {
      const directory = path.join(tmpdir(), name);
      try {
        if (await isAbandoned(directory, made)) await new DrillPlace(directory, true).remove();
      } catch {
        // Another drill may have been quicker, or somebody put something in: then it is theirs.
      }
    }
  }

  static #at(directory: string, remedies: DrillRemedies): DrillPlace {
    if (!fs.existsSync(directory)) {
      making(directory, remedies, () => fs.mkdirSync(directory));
      return new DrillPlace(directory, true);
    }
    const entries = making(directory, remedies, () => fs.readdirSync(directory));
    if (entries.length > 0) {
      const message = `${directory} is not empty, and a drill touches nothing that it has not made.`;
      throw unsuitable(directory, remedies, message);
    }
    return new DrillPlace(directory, false);
  }

  /** Where the catalog lies. */
  get home(): string {
    return path.join(this.directory, homeFolder);
  }

  site(site: SiteLetter): string {
    return path.join(this.directory, folders[site]);
  }

  volume(site: SiteLetter, name: string): string {
    return path.join(this.site(site), name);
  }

  store(site: SiteLetter): string {
    return path.join(this.site(site), 'store');
  }

  /** The site that is lost at the moment. */
  get outOfReach(): SiteLetter | null {
    return this.#outOfReach;
  }

  /** Takes a site out of reach, as a cut link or a fire does. */
  lose(site: SiteLetter): void {
    this.#outOfReach = site;
    fs.renameSync(this.site(site), this.site(site) + lost);
  }

  /** Brings a lost site back as it was left. */
  bringBack(site: SiteLetter): void {
    this.#outOfReach = null;
    fs.renameSync(this.site(site) + lost, this.site(site));
  }

  /** From now on the folder counts as abandoned where this process is gone and it is still there. */
  mark(): void {
    leaveMarker(this.directory);
  }

  /** Removes all that the drill made. Big files take a while, and hold nobody up meanwhile. */
  async remove(): Promise<void> {
    // The marker goes last, so that a removal that is cut off is gone on with.
    for (const name of [...made, markerName]) {
      await rm(path.join(this.directory, name), { recursive: true, force: true });
    }
    if (this.#madeDirectory) await rmdir(this.directory);
  }

  /** As `remove`, at once, while there is nothing in it yet. */
  #unmake(): void {
    for (const name of made) fs.rmSync(path.join(this.directory, name), { recursive: true, force: true });
    if (this.#madeDirectory) fs.rmdirSync(this.directory);
  }

  #assertSpace(bytes: number, remedies: DrillRemedies): void {
    const { bavail, bsize } = fs.statfsSync(this.directory);
    const free = bavail * bsize;
    if (free >= bytes) return;
    const where = this.#madeDirectory ? path.dirname(this.directory) : this.directory;
    throw new SitepairError({
      code: 'no-space',
      message: `The drill needs up to ${formatBytes(bytes)}, and ${where} has ${formatBytes(free)} free.`,
      where,
      remedy: remedies.moreSpace,
    });
  }
}

/** Does `work` on `directory`, with the system's refusal told as an error for people. */
function making<T>(directory: string, remedies: DrillRemedies, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') throw unsuitable(directory, remedies, `${directory} is no folder.`, error);
    if (code === 'ENOENT') {
      throw unsuitable(directory, remedies, `The folder that is to hold ${directory} is not there.`, error);
    }
    const said = error instanceof Error ? error.message : String(error);
    throw new SitepairError(
      {
        code: code === 'ENOSPC' ? 'no-space' : 'permission-denied',
        message: `The sites of the drill cannot be made in ${directory}: ${said}.`,
        where: directory,
        remedy: remedies.writableFolder,
      },
      { cause: error },
    );
  }
}

function unsuitable(directory: string, remedies: DrillRemedies, message: string, cause?: unknown): SitepairError {
  const remedy = remedies.emptyFolder;
  return new SitepairError({ code: 'invalid-input', message, where: directory, remedy }, { cause });
}
