/** Two sites of a soak: their volumes and stores in a folder, what they hold, and how they are lost and come back. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  closeSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import type { Random } from './random.ts';

/** Sizes of the volumes, bytes: no multiple of the chunk, and one with holes. */
const sizes = [150_001, 262_144];
export const letters = ['A', 'B'] as const;

export class Sites {
  readonly dir: string;
  readonly #random: Random;
  readonly #stores: Record<SiteLetter, string> = { A: 'store', B: 'store' };
  #made = 0;

  constructor(dir: string, random: Random) {
    this.dir = dir;
    this.#random = random;
    for (const site of letters) mkdirSync(join(dir, site));
    for (const [n, size] of sizes.entries()) {
      const volume = this.volume('A', n);
      writeFileSync(volume, n === 0 ? random.bytes(size) : '');
      truncateSync(volume, size);
    }
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
    this.#made += 1;
    this.#stores[site] = `store${this.#made}`;
    return this.store(site);
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

  /** What the volumes of a site hold, be it lost or not; null for one that is not there. */
  contents(site: SiteLetter): Contents {
    const folder = this.isLost(site) ? `${site} is lost` : site;
    return sizes.map((_, n) => {
      const volume = join(this.dir, folder, `volume${n}.img`);
      return existsSync(volume) ? readFileSync(volume) : null;
    });
  }

  /** Production writes somewhere, and flushes nothing. */
  write(site: SiteLetter): void {
    const n = this.#random.between(0, sizes.length - 1);
    const size = sizes[n] ?? 0;
    const length = this.#random.between(1, this.#random.pick([100, 20_000, 100_000]));
    const offset = this.#random.between(0, size - Math.min(length, size));
    const content = this.#random.once(5) ? Buffer.alloc(length) : this.#random.bytes(length);
    const file = openSync(this.volume(site, n), 'r+');
    writeSync(file, content, 0, Math.min(length, size - offset), offset);
    closeSync(file);
  }

  /** Puts a copy of a folder aside; gives its name. */
  keep(folder: string): string {
    this.#made += 1;
    const copy = join(this.dir, `copy${this.#made}`);
    cpSync(folder, copy, { recursive: true });
    return copy;
  }

  putBack(copy: string, folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    cpSync(copy, folder, { recursive: true });
  }
}

export type Contents = (Buffer | null)[];

export function sameContents(one: Contents, other: Contents): boolean {
  return one.every((content, n) => {
    const twin = other[n] ?? null;
    return content === null || twin === null ? content === twin : content.equals(twin);
  });
}
