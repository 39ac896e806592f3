/** Two sites of a soak: their volumes and stores in a folder, what they hold, and how they are lost and come back. */
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import type { Random } from './random.ts';

/** Sizes of the volumes of a new group, bytes: no multiple of the chunk, and one with holes. */
const sizes = [150_001, 262_144];
export const letters = ['A', 'B'] as const;
/** Bytes of a chunk of the group. */
export const chunkBytes = 16 << 10;

export class Sites {
  readonly dir: string;
  readonly #random: Random;
  readonly #stores: Record<SiteLetter, string> = { A: 'store', B: 'store' };
  #made = 0;
  /** How many volumes there ever were; each has a number. */
  #volumes = 0;

  constructor(dir: string, random: Random) {
    this.dir = dir;
    this.#random = random;
    for (const site of letters) mkdirSync(join(dir, site));
    for (const size of sizes) this.makeVolume('A', size, this.#volumes === 0);
  }

  get pairs(): { source: string; target: string }[] {
    return sizes.map((_, n) => ({ source: this.volume('A', n), target: this.volume('B', n) }));
  }

  get home(): string {
    return join(this.dir, 'home');
  }

  volume(site: SiteLetter, n: number): string {
    return join(this.dir, site, `volume${n}.img`);
  }

  store(site: SiteLetter): string {
    return join(this.dir, site, this.#stores[site]);
  }

  /** A place for another store of a site, from now on the one that it has. */
  nextStore(site: SiteLetter): string {
    this.#stores[site] = basename(this.fresh(`${site}/store`));
    return this.store(site);
  }

  /** A path below the folder at which nothing ever was. */
  fresh(name: string): string {
    this.#made += 1;
    return join(this.dir, `${name}${this.#made}`);
  }

  /** A new volume at a site, of random content or of holes; gives its number. */
  makeVolume(site: SiteLetter, size: number, full: boolean): number {
    const n = this.#volumes;
    this.#volumes += 1;
    writeFileSync(this.volume(site, n), full ? this.#random.bytes(size) : '');
    truncateSync(this.volume(site, n), size);
    return n;
  }

  /** A volume that is to be a target, and holds something of its own. */
  makeTarget(site: SiteLetter, n: number, size: number): void {
    writeFileSync(this.volume(site, n), this.#random.bytes(size));
  }

  isLost(site: SiteLetter): boolean {
    return !existsSync(join(this.dir, site));
  }

  lose(site: SiteLetter): void {
    renameSync(join(this.dir, site), join(this.dir, `${site} is lost`));
  }

  bringBack(site: SiteLetter): void {
    renameSync(join(this.dir, `${site} is lost`), join(this.dir, site));
  }

  /** What the volumes of a site hold, by their numbers, be it lost or not; null for one that is not there. */
  contents(site: SiteLetter): Contents {
    const folder = this.isLost(site) ? `${site} is lost` : site;
    return Array.from({ length: this.#volumes }, (_, n) => {
      const volume = join(this.dir, folder, `volume${n}.img`);
      return existsSync(volume) ? readFileSync(volume) : null;
    });
  }

  /** Somebody writes somewhere into one of these volumes, and flushes nothing; gives which. */
  write(site: SiteLetter, volumes: readonly number[]): number {
    const n = volumes[this.#random.between(0, volumes.length - 1)] ?? 0;
    const { size } = statSync(this.volume(site, n));
    const length = Math.min(size, this.#random.between(1, this.#random.pick([100, 20_000, 100_000])));
    const offset = this.#random.between(0, size - length);
    const content = this.#random.once(5) ? Buffer.alloc(length) : this.#random.bytes(length);
    const file = openSync(this.volume(site, n), 'r+');
    writeSync(file, content, 0, length, offset);
    closeSync(file);
    return n;
  }

  /** As `write`, in such a way that the times of the volumes tell nothing. */
  writeBehindTheBack(site: SiteLetter, volumes: readonly number[]): void {
    const times = volumes.map((n) => statSync(this.volume(site, n)));
    this.write(site, volumes);
    volumes.forEach((n, at) => {
      utimesSync(this.volume(site, n), times[at]?.atime ?? 0, times[at]?.mtime ?? 0);
    });
  }

  /** Makes a volume larger by some whole chunks, with something written beyond its old end. */
  grow(site: SiteLetter, n: number): void {
    const volume = this.volume(site, n);
    const { size } = statSync(volume);
    const more = chunkBytes * this.#random.between(1, 8);
    truncateSync(volume, size + more);
    const file = openSync(volume, 'r+');
    const written = this.#random.bytes(this.#random.between(1, more));
    writeSync(file, written, 0, written.length, size + more - written.length);
    closeSync(file);
  }

  /** Puts a copy of a folder aside; gives its name. */
  keep(folder: string): string {
    const copy = this.fresh('copy');
    cpSync(folder, copy, { recursive: true });
    return copy;
  }

  putBack(copy: string, folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    cpSync(copy, folder, { recursive: true });
  }
}

/** By the numbers of the volumes. */
export type Contents = (Buffer | null)[];

/** The numbers of the volumes that are not the same in both. */
export function differing(one: Contents, other: Contents): number[] {
  const numbers = Array.from({ length: Math.max(one.length, other.length) }, (_, n) => n);
  return numbers.filter((n) => {
    const [content, twin] = [one[n] ?? null, other[n] ?? null];
    return content === null || twin === null ? content !== twin : !content.equals(twin);
  });
}

export function sameContents(one: Contents, other: Contents): boolean {
  return differing(one, other).length === 0;
}

/**
 * Whether volumes hold what there was of them, those of these numbers. What a larger volume holds beyond is not looked
 * at; one that was not there may be there, blank.
 */
export function holds(volumes: Contents, was: Contents, numbers: readonly number[]): boolean {
  return numbers.every((n) => {
    const [now, held] = [volumes[n] ?? null, was[n] ?? null];
    if (held === null) return now === null || now.every((byte) => byte === 0);
    return now?.subarray(0, held.length).equals(held) === true;
  });
}
