/**
 * The digest map on disk: BLAKE3 of every chunk that holds data, for the point that the replica is at. One file per
 * pair, a sequence of 4096-byte pages ascending by chunk. Each page speaks for a range of chunks [from, to): a chunk of
 * it that is listed has that digest (all zeros: unknown), one that is not listed is blank. Chunks that no whole page
 * speaks for are unknown, never blank. So holes cost nothing, and a lost page costs only knowledge.
 *
 * A page: magic "SPDM", format u16, group (16 bytes), pair u32, epoch u48, cycle u48, from u48, to u48, count u32, then
 * `count` entries of u32 (chunk - from) and 32 bytes of digest, and in its last 32 bytes BLAKE3 of all before.
 */
import { SitepairError } from '../contract/errors.ts';
import { digest, digestBytes, intact } from './checksum.ts';
import type { Disk, DiskFile } from './disk.ts';

const pageBytes = 4096;
const headBytes = 56;
const entryBytes = 4 + digestBytes;
const entriesPerPage = Math.floor((pageBytes - headBytes - digestBytes) / entryBytes);
const mapFormat = 1;
/** Pages written or read at a time. */
const pagesAtOnce = 64;

/** What a map belongs to: a group, a pair and the point that it describes. */
export interface MapIdentity {
  group: string;
  pair: number;
  epoch: number;
  cycle: number;
}

/** What is known of a chunk: its digest, that it is all zeros, or nothing. */
export type Known = Buffer | 'blank' | 'unknown';

const unknownDigest = Buffer.alloc(digestBytes);

export function mapName(identity: Pick<MapIdentity, 'epoch' | 'cycle' | 'pair'>): string {
  return `map-${identity.epoch}-${identity.cycle}-${identity.pair}`;
}

/** Writes a map from its first chunk to its last. */
export class MapWriter {
  readonly #file: DiskFile;
  readonly #identity: MapIdentity;
  /** Its memory is zeroed page by page, as pages begin: most maps are short. */
  readonly #buffer = Buffer.allocUnsafeSlow(pageBytes * pagesAtOnce);
  #pagesInBuffer = 0;
  #written = 0;
  #page: Buffer;
  #from = 0;
  #next = 0;
  #count = 0;

  /** Replaces what an earlier, never completed attempt left under this name. */
  constructor(disk: Disk, identity: MapIdentity) {
    disk.remove(mapName(identity));
    this.#file = disk.create(mapName(identity), 0);
    this.#identity = identity;
    this.#page = this.#buffer.subarray(0, pageBytes).fill(0);
  }

  /** Says what chunk `chunk` is; chunks come in ascending order, none left out. */
  append(chunk: number, known: Known): void {
    if (chunk !== this.#next) {
      throw new Error(`map of pair ${this.#identity.pair}: chunk ${chunk} where ${this.#next} is due`);
    }
    this.#next += 1;
    if (known === 'blank') return;
    if (this.#count === entriesPerPage || chunk - this.#from > 0xffffffff) this.#closePage(chunk);
    const at = headBytes + this.#count * entryBytes;
    this.#page.writeUInt32LE(chunk - this.#from, at);
    (known === 'unknown' ? unknownDigest : known).copy(this.#page, at + 4);
    this.#count += 1;
  }

  /** Says that chunks up to `to` (exclusive) are blank. */
  blankUntil(to: number): void {
    this.#next = Math.max(this.#next, to);
  }

  /** Ends the map and makes it durable; its name is durable after the disk's flushNames. */
  finish(): void {
    this.#closePage(this.#next);
    this.#writeBuffer();
    this.#file.flush();
    this.#file.close();
  }

  abandon(): void {
    this.#file.close();
  }

  #closePage(to: number): void {
    const { group, pair, epoch, cycle } = this.#identity;
    const page = this.#page;
    page.write('SPDM', 0, 'latin1');
    page.writeUInt16LE(mapFormat, 4);
    page.write(group, 6, 16, 'hex');
    page.writeUInt32LE(pair, 22);
    page.writeUIntLE(epoch, 26, 6);
    page.writeUIntLE(cycle, 32, 6);
    page.writeUIntLE(this.#from, 38, 6);
    page.writeUIntLE(to, 44, 6);
    page.writeUInt32LE(this.#count, 50);
    digest(page.subarray(0, pageBytes - digestBytes)).copy(page, pageBytes - digestBytes);
    this.#pagesInBuffer += 1;
    if (this.#pagesInBuffer === pagesAtOnce) this.#writeBuffer();
    this.#page = this.#buffer.subarray(this.#pagesInBuffer * pageBytes, (this.#pagesInBuffer + 1) * pageBytes).fill(0);
    this.#from = to;
    this.#count = 0;
  }

  #writeBuffer(): void {
    const bytes = this.#buffer.subarray(0, this.#pagesInBuffer * pageBytes);
    this.#file.write(bytes, this.#written);
    this.#written += bytes.length;
    this.#pagesInBuffer = 0;
  }
}

interface Page {
  from: number;
  to: number;
  /** Listed chunks, ascending, and their digests in the same order. */
  chunks: number[];
  digests: Buffer[];
}

function decodePage(page: Buffer, identity: MapIdentity): Page | null {
  if (page.toString('latin1', 0, 4) !== 'SPDM') return null;
  if (!intact(page.subarray(0, pageBytes - digestBytes), page.subarray(pageBytes - digestBytes))) return null;
  if (page.readUInt16LE(4) > mapFormat) {
    throw new SitepairError({
      code: 'format-too-new',
      message: `The digest map ${mapName(identity)} was written by a newer Sitepair.`,
      where: mapName(identity),
      remedy: 'Update Sitepair on this machine to the version that wrote the store.',
    });
  }
  const ours =
    page.toString('hex', 6, 22) === identity.group &&
    page.readUInt32LE(22) === identity.pair &&
    page.readUIntLE(26, 6) === identity.epoch &&
    page.readUIntLE(32, 6) === identity.cycle;
  if (!ours) return null;
  const from = page.readUIntLE(38, 6);
  const decoded: Page = { from, to: page.readUIntLE(44, 6), chunks: [], digests: [] };
  const count = Math.min(page.readUInt32LE(50), entriesPerPage);
  for (let n = 0; n < count; n += 1) {
    const at = headBytes + n * entryBytes;
    decoded.chunks.push(from + page.readUInt32LE(at));
    decoded.digests.push(page.subarray(at + 4, at + entryBytes));
  }
  return decoded;
}

/** Reads a map forwards, chunk after chunk; going back starts again from its beginning. */
export class MapReader {
  readonly #file: DiskFile | null;
  readonly #identity: MapIdentity;
  readonly #pageCount: number;
  #pages: Buffer = Buffer.alloc(0);
  #pagesFrom = 0;
  #nextPage = 0;
  /** The first whole page that ends after the chunk asked for last; null where there is none. */
  #page: Page | null = null;
  /** Place in the page: no listed chunk before it is at or after the chunk asked for last. */
  #entry = 0;
  #asked = 0;

  /** A missing map knows nothing. */
  constructor(disk: Disk, identity: MapIdentity) {
    this.#identity = identity;
    this.#file = disk.exists(mapName(identity)) ? disk.open(mapName(identity)) : null;
    this.#pageCount = this.#file === null ? 0 : Math.floor(this.#file.size() / pageBytes);
  }

  /** What is known of `chunk`. */
  lookup(chunk: number): Known {
    const page = this.#seek(chunk);
    if (page === null || chunk < page.from) return 'unknown';
    const entry = page.chunks[this.#entry] === chunk ? page.digests[this.#entry] : undefined;
    if (entry === undefined) return 'blank';
    return entry.equals(unknownDigest) ? 'unknown' : entry;
  }

  /**
   * Goes near `chunk` without reading what lies between, for whoever asks for few chunks of a large map. Damaged pages
   * on the way only make it begin earlier.
   */
  seekNear(chunk: number): void {
    let low = 0;
    let high = this.#pageCount;
    while (high - low > pagesAtOnce) {
      const middle = Math.floor((low + high) / 2);
      const page = decodePage(this.#singlePage(middle), this.#identity);
      if (page === null) break;
      if (page.to <= chunk) low = middle + 1;
      else high = middle + 1;
    }
    if (low < this.#nextPage && chunk >= this.#asked) return;
    this.#page = null;
    this.#nextPage = low;
    this.#asked = chunk;
  }

  /** How far, from `chunk` on and up to `limit`, the map says the same "blank" or "unknown"; one chunk for a digest. */
  run(chunk: number, limit: number): { kind: 'blank' | 'unknown' | 'digest'; to: number } {
    const page = this.#seek(chunk);
    if (page === null) return { kind: 'unknown', to: limit };
    if (chunk < page.from) return { kind: 'unknown', to: Math.min(limit, page.from) };
    const listed = page.chunks[this.#entry] ?? page.to;
    if (listed > chunk) return { kind: 'blank', to: Math.min(limit, listed) };
    const unknown = page.digests[this.#entry]?.equals(unknownDigest) === true;
    return { kind: unknown ? 'unknown' : 'digest', to: chunk + 1 };
  }

  close(): void {
    this.#file?.close();
  }

  #seek(chunk: number): Page | null {
    if (chunk < this.#asked) {
      this.#page = null;
      this.#nextPage = 0;
    }
    this.#asked = chunk;
    while ((this.#page === null || chunk >= this.#page.to) && this.#nextPage < this.#pageCount) {
      this.#page = decodePage(this.#rawPage(this.#nextPage), this.#identity);
      this.#nextPage += 1;
      this.#entry = 0;
    }
    if (this.#page === null || chunk >= this.#page.to) return null;
    while ((this.#page.chunks[this.#entry] ?? Infinity) < chunk) this.#entry += 1;
    return this.#page;
  }

  #singlePage(number: number): Buffer {
    const page = Buffer.alloc(pageBytes);
    this.#file?.read(page, number * pageBytes);
    return page;
  }

  #rawPage(number: number): Buffer {
    const cached = (number - this.#pagesFrom) * pageBytes;
    if (cached >= 0 && cached + pageBytes <= this.#pages.length) {
      return this.#pages.subarray(cached, cached + pageBytes);
    }
    const count = Math.min(pagesAtOnce, this.#pageCount - number);
    this.#pages = Buffer.alloc(count * pageBytes);
    this.#file?.read(this.#pages, number * pageBytes);
    this.#pagesFrom = number;
    return this.#pages.subarray(0, pageBytes);
  }
}

/**
 * Copies from one map to another what is known of `chunk`, with the blank ones that follow it, up to `limit`
 * (exclusive). Returns the chunk after them.
 */
export function copyKnowledge(reader: MapReader, writer: MapWriter, chunk: number, limit: number): number {
  const run = reader.run(chunk, limit);
  if (run.kind === 'blank') {
    writer.blankUntil(run.to);
    return run.to;
  }
  writer.append(chunk, reader.lookup(chunk));
  return chunk + 1;
}
