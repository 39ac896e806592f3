/**
 * Bytes with a cache above them, as a file or a device has them: what was written but not flushed lies apart, in
 * sectors of 512 bytes, and each of these is kept, dropped or garbled when the power goes.
 *
 * The system writes whole pages, so where `pageBytes` is 4096 a power cut may also garble a sector that was flushed
 * long ago but shares its page with one that was not.
 */
import type { Random } from './random.ts';

export const sectorBytes = 512;
const pageBytes = 4096;
const sectorsPerPage = pageBytes / sectorBytes;

/** How one power cut treats what was not flushed: the odds of keeping and of garbling, the rest is dropped. */
export interface Fate {
  keep: number;
  garble: number;
}

const fates: readonly [Fate, ...Fate[]] = [
  { keep: 0.5, garble: 0.1 },
  { keep: 0.9, garble: 0.02 },
  { keep: 0.1, garble: 0.02 },
  { keep: 1, garble: 0 },
  { keep: 0, garble: 0 },
  { keep: 0.5, garble: 0 },
];

export function anyFate(random: Random): Fate {
  return random.pick(fates);
}

interface Page {
  /** What reads see. The same buffer as `durable` while nothing waits. */
  now: Buffer;
  /** What survives for certain. Never changed in place, so that copies can share it. */
  durable: Buffer;
  /** One bit for each sector that waits. */
  waiting: number;
}

const zeroPage = Buffer.alloc(pageBytes);

export class CachedBytes {
  readonly #pages = new Map<number, Page>();
  readonly #waiting = new Set<number>();
  /** Pages that read as they were written and are not so on the disk: a flush failed, and none will say so again. */
  readonly #lying = new Set<number>();
  readonly #wholePages: boolean;

  /** `wholePages`: whether a power cut may garble the neighbours of what waits, within its page. */
  constructor(wholePages: boolean) {
    this.#wholePages = wholePages;
  }

  read(buffer: Buffer, offset: number): void {
    for (let at = 0; at < buffer.length;) {
      const within = (offset + at) % pageBytes;
      const length = Math.min(buffer.length - at, pageBytes - within);
      const page = this.#pages.get((offset + at - within) / pageBytes);
      if (page === undefined) buffer.fill(0, at, at + length);
      else page.now.copy(buffer, at, within, within + length);
      at += length;
    }
  }

  write(buffer: Buffer, offset: number): void {
    for (let at = 0; at < buffer.length;) {
      const within = (offset + at) % pageBytes;
      const length = Math.min(buffer.length - at, pageBytes - within);
      const page = this.#pageForWriting((offset + at - within) / pageBytes);
      buffer.copy(page.now, within, at, at + length);
      const first = Math.floor(within / sectorBytes);
      const last = Math.floor((within + length - 1) / sectorBytes);
      for (let sector = first; sector <= last; sector += 1) page.waiting |= 1 << sector;
      at += length;
    }
  }

  /** Makes everything durable. */
  flush(): void {
    for (const number of this.#waiting) {
      const page = this.#pages.get(number);
      if (page === undefined) continue;
      page.durable = page.now;
      page.waiting = 0;
      this.#lying.delete(number);
    }
    this.#waiting.clear();
  }

  /**
   * A flush fails: some of what waits is durable, some never will be, and neither reads nor later flushes tell (fsync
   * lies the second time).
   */
  failFlush(random: Random): void {
    for (const number of this.#waiting) {
      const page = this.#pages.get(number);
      if (page === undefined) continue;
      const durable = Buffer.from(page.durable);
      for (let sector = 0; sector < sectorsPerPage; sector += 1) {
        const start = sector * sectorBytes;
        const waits = (page.waiting & (1 << sector)) !== 0;
        if (waits && random.chance(0.5)) page.now.copy(durable, start, start, start + sectorBytes);
      }
      page.durable = durable;
      page.waiting = 0;
      this.#lying.add(number);
    }
    this.#waiting.clear();
  }

  /** The system forgets what it need not keep: what lied reads as it is on the disk. */
  evict(): void {
    for (const number of this.#lying) {
      const page = this.#pages.get(number);
      if (page?.waiting !== 0) continue;
      page.now = page.durable;
      this.#lying.delete(number);
    }
  }

  /** The power goes: each sector that waits meets its fate. */
  cut(random: Random, fate: Fate): void {
    this.evict();
    for (const number of this.#waiting) {
      const page = this.#pages.get(number);
      if (page === undefined) continue;
      const result = Buffer.from(page.durable);
      for (let sector = 0; sector < sectorsPerPage; sector += 1) {
        const start = sector * sectorBytes;
        const waits = (page.waiting & (1 << sector)) !== 0;
        if (random.chance(waits ? fate.garble : this.#wholePages ? fate.garble / 8 : 0)) {
          garble(result, page.now, start, random);
        } else if (waits && random.chance(fate.keep)) {
          page.now.copy(result, start, start, start + sectorBytes);
        }
      }
      page.now = result;
      page.durable = result;
      page.waiting = 0;
    }
    this.#waiting.clear();
    this.#lying.clear();
  }

  /** Everything at or after `size` becomes zeros for good: the end of a file that lost its growth. */
  truncate(size: number): void {
    for (const [number, page] of this.#pages) {
      const start = number * pageBytes;
      if (start >= size) {
        this.#pages.delete(number);
        this.#waiting.delete(number);
      } else if (start + pageBytes > size) {
        page.now = Buffer.from(page.now).fill(0, size - start);
        page.durable = page.now;
      }
    }
  }

  clone(): CachedBytes {
    const copy = new CachedBytes(this.#wholePages);
    for (const [number, { now, durable, waiting }] of this.#pages) {
      copy.#pages.set(number, { now: now === durable ? durable : Buffer.from(now), durable, waiting });
    }
    for (const number of this.#waiting) copy.#waiting.add(number);
    for (const number of this.#lying) copy.#lying.add(number);
    return copy;
  }

  #pageForWriting(number: number): Page {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { now: zeroPage, durable: zeroPage, waiting: 0 };
      this.#pages.set(number, page);
    }
    if (page.now === page.durable) page.now = Buffer.from(page.durable);
    this.#waiting.add(number);
    return page;
  }
}

/** A sector that was torn inside, or that holds nothing anybody wrote. */
function garble(target: Buffer, fresh: Buffer, start: number, random: Random): void {
  if (random.chance(0.5)) {
    fresh.copy(target, start, start, start + 1 + random.below(sectorBytes - 1));
    target.fill(random.below(256), start + random.below(sectorBytes), start + sectorBytes);
  } else {
    random.bytes(sectorBytes).copy(target, start);
  }
}
