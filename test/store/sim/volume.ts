/**
 * An in-memory volume: sectors that were not flushed are lost or garbled at a power cut, and holes that can be told.
 */
import { readFailed } from '../../../src-main/volumes/volume-error.ts';
import type { ByteRange, VolumeHandle } from '../../../src-main/volumes/volume.ts';
import { CachedBytes, sectorBytes, type Fate } from './cached-bytes.ts';
import type { Machine } from './machine.ts';
import type { Random } from './random.ts';

export class SimVolume {
  readonly path: string;
  readonly sizeBytes: number;
  /** False: as a block device, which cannot tell its holes. */
  readonly tellsHoles: boolean;
  readonly machine: Machine;
  /** Sectors that cannot be read through a handle. */
  bad: ReadonlySet<number> = new Set();
  #bytes = new CachedBytes(false);
  /** One byte a sector: whether it takes space. What takes none reads as zeros. */
  #taken: Uint8Array;

  constructor(path: string, sizeBytes: number, tellsHoles: boolean, machine: Machine) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.tellsHoles = tellsHoles;
    this.machine = machine;
    this.#taken = new Uint8Array(Math.ceil(sizeBytes / sectorBytes));
  }

  /** `failing` is called where a flush is made to fail. */
  open(failing: (volume: SimVolume) => void): VolumeHandle {
    this.machine.openHandles += 1;
    return new SimHandle(this, failing);
  }

  /** What reads see now, whole. */
  content(): Buffer {
    const content = Buffer.alloc(this.sizeBytes);
    this.#bytes.read(content, 0);
    return content;
  }

  read(buffer: Buffer, offset: number): void {
    if (offset + buffer.length > this.sizeBytes) throw new Error(`${this.path} was read past its end`);
    this.#bytes.read(buffer, offset);
  }

  write(buffer: Buffer, offset: number): void {
    if (offset + buffer.length > this.sizeBytes) throw new Error(`${this.path} was written past its end`);
    if (buffer.length === 0) return;
    this.#bytes.write(buffer, offset);
    this.#taken.fill(1, Math.floor(offset / sectorBytes), Math.ceil((offset + buffer.length) / sectorBytes));
  }

  flush(): void {
    this.#bytes.flush();
  }

  failFlush(random: Random): void {
    this.#bytes.failFlush(random);
  }

  /** The system forgets what it need not keep. */
  evict(): void {
    this.#bytes.evict();
    this.#takeWhatHoldsData();
  }

  punch(range: ByteRange): void {
    const content = Buffer.alloc(range.end - range.start);
    this.read(content, range.start);
    if (content.some((byte) => byte !== 0)) throw new Error(`${this.path} was punched where it holds data`);
    if (!this.tellsHoles) return;
    const end = range.end === this.sizeBytes ? Math.ceil(range.end / sectorBytes) : Math.floor(range.end / sectorBytes);
    this.#taken.fill(0, Math.ceil(range.start / sectorBytes), end);
  }

  nextData(from: number, to: number): ByteRange | null {
    const end = Math.min(to, this.sizeBytes);
    if (from >= end) return null;
    if (!this.tellsHoles) return { start: from, end };
    const first = this.#taken.indexOf(1, Math.floor(from / sectorBytes));
    if (first < 0 || first * sectorBytes >= end) return null;
    const after = this.#taken.indexOf(0, first);
    return {
      start: Math.max(from, first * sectorBytes),
      end: after < 0 ? end : Math.min(end, after * sectorBytes),
    };
  }

  /** The power goes. */
  cut(random: Random, fate: Fate): void {
    this.#bytes.cut(random, fate);
    this.#takeWhatHoldsData();
  }

  #takeWhatHoldsData(): void {
    const sector = Buffer.alloc(sectorBytes);
    for (let n = 0; n < this.#taken.length; n += 1) {
      if (this.#taken[n] === 1) continue;
      this.#bytes.read(sector, n * sectorBytes);
      if (sector.some((byte) => byte !== 0)) this.#taken[n] = 1;
    }
  }

  clone(machine: Machine): SimVolume {
    const copy = new SimVolume(this.path, this.sizeBytes, this.tellsHoles, machine);
    copy.#bytes = this.#bytes.clone();
    copy.#taken = this.#taken.slice();
    return copy;
  }
}

function badSector(path: string, sector: number): Error {
  return readFailed(path, { start: sector * sectorBytes, end: (sector + 1) * sectorBytes }, { text: 'as planned' });
}

class SimHandle implements VolumeHandle {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #volume: SimVolume;
  readonly #failing: (volume: SimVolume) => void;
  #open = true;
  #flushError: Error | null = null;

  constructor(volume: SimVolume, failing: (volume: SimVolume) => void) {
    this.#failing = failing;
    this.path = volume.path;
    this.sizeBytes = volume.sizeBytes;
    this.#volume = volume;
  }

  read(buffer: Buffer, offset: number): void {
    this.#alive();
    const last = Math.ceil((offset + buffer.length) / sectorBytes);
    for (let sector = Math.floor(offset / sectorBytes); sector < last; sector += 1) {
      if (this.#volume.bad.has(sector)) throw badSector(this.path, sector);
    }
    this.#volume.read(buffer, offset);
  }

  write(buffer: Buffer, offset: number): void {
    this.#alive();
    this.#volume.write(buffer, offset);
    this.#volume.machine.change();
  }

  flush(): void {
    this.#alive();
    if (this.#flushError !== null) throw this.#flushError;
    try {
      this.#volume.machine.change('flush-failed', () => {
        this.#failing(this.#volume);
      });
    } catch (error) {
      this.#flushError = error instanceof Error ? error : null;
      throw error;
    }
    this.#volume.flush();
  }

  punch(range: ByteRange): void {
    this.#alive();
    this.#volume.punch(range);
    this.#volume.machine.change();
  }

  nextData(from: number, to: number): ByteRange | null {
    this.#alive();
    return this.#volume.nextData(from, to);
  }

  prefetch(): void {
    // Memory is never ahead of itself.
  }

  close(): void {
    if (this.#open) this.#volume.machine.openHandles -= 1;
    this.#open = false;
  }

  #alive(): void {
    this.#volume.machine.alive();
    if (!this.#open) throw new Error(`${this.path} was used after it had been closed`);
  }
}
