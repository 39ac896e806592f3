/**
 * Where a drill takes place: a folder with two sites and a catalog of its own. It is made anew, and of what it removes
 * everything was made by it.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SitepairError } from '../../../contract/errors.ts';
import type { SiteLetter } from '../../../contract/phases.ts';
import { formatBytes } from '../quantities.ts';

const folders: Readonly<Record<SiteLetter, string>> = { A: 'hall-a', B: 'hall-b' };
/** Appended to a site's folder while it is out of reach. */
const lost = '.lost';
/** What stores, catalog and journals take beside the volumes, bytes; generous. */
const beside = 96 << 20;

export class DrillPlace {
  /** Absolute. */
  readonly directory: string;
  readonly #madeDirectory: boolean;

  private constructor(directory: string, madeDirectory: boolean) {
    this.directory = directory;
    this.#madeDirectory = madeDirectory;
  }

  /**
   * Makes the folder `directory`, or uses it where it is empty; left out, a new one among the temporary files. `bytes`
   * is what the volumes of both sites take at most. Throws `invalid-input`, `permission-denied`, `no-space`, and leaves
   * nothing behind then.
   */
  static make(directory: string | undefined, bytes: number): DrillPlace {
    const place =
      directory === undefined
        ? new DrillPlace(
            making(tmpdir(), () => fs.mkdtempSync(path.join(tmpdir(), 'sitepair-drill-'))),
            true,
          )
        : DrillPlace.#at(directory);
    try {
      place.#assertSpace(bytes + beside);
      making(place.directory, () => {
        for (const folder of Object.values(folders)) fs.mkdirSync(path.join(place.directory, folder));
      });
    } catch (error) {
      place.remove();
      throw error;
    }
    return place;
  }

  static #at(directory: string): DrillPlace {
    if (!fs.existsSync(directory)) {
      making(directory, () => fs.mkdirSync(directory));
      return new DrillPlace(directory, true);
    }
    const entries = making(directory, () => fs.readdirSync(directory));
    if (entries.length > 0) {
      throw unsuitable(directory, `${directory} is not empty, and a drill touches nothing that it has not made.`);
    }
    return new DrillPlace(directory, false);
  }

  /** Where the catalog lies. */
  get home(): string {
    return path.join(this.directory, 'home');
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

  /** Takes a site out of reach, as a cut link or a fire does. */
  lose(site: SiteLetter): void {
    fs.renameSync(this.site(site), this.site(site) + lost);
  }

  /** Brings a lost site back as it was left. */
  bringBack(site: SiteLetter): void {
    fs.renameSync(this.site(site) + lost, this.site(site));
  }

  /** Removes all that the drill made. */
  remove(): void {
    for (const folder of [...Object.values(folders), 'home']) {
      for (const name of [folder, folder + lost]) {
        fs.rmSync(path.join(this.directory, name), { recursive: true, force: true });
      }
    }
    if (this.#madeDirectory) fs.rmdirSync(this.directory);
  }

  #assertSpace(bytes: number): void {
    const { bavail, bsize } = fs.statfsSync(this.directory);
    const free = bavail * bsize;
    if (free >= bytes) return;
    const where = this.#madeDirectory ? path.dirname(this.directory) : this.directory;
    throw new SitepairError({
      code: 'no-space',
      message: `The drill needs up to ${formatBytes(bytes)}, and ${where} has ${formatBytes(free)} free.`,
      where,
      remedy: 'Give a folder with more space (--dir), or smaller volumes (--size).',
    });
  }
}

/** Does `work` on `directory`, with the system's refusal told as an error for people. */
function making<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTDIR') throw unsuitable(directory, `${directory} is no folder.`, error);
    if (code === 'ENOENT') throw unsuitable(directory, `The folder that is to hold ${directory} is not there.`, error);
    const said = error instanceof Error ? error.message : String(error);
    throw new SitepairError(
      {
        code: code === 'ENOSPC' ? 'no-space' : 'permission-denied',
        message: `The sites of the drill cannot be made in ${directory}: ${said}.`,
        where: directory,
        remedy: 'Give a folder that this user may write, with --dir.',
      },
      { cause: error },
    );
  }
}

function unsuitable(directory: string, message: string, cause?: unknown): SitepairError {
  const remedy = 'Give an empty folder, or one that is not there yet, with --dir.';
  return new SitepairError({ code: 'invalid-input', message, where: directory, remedy }, { cause });
}
