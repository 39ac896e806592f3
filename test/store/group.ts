/** A small group for the tests of the store: two sites in memory, or the replica's store in a real folder. */
import type { Consistency } from '../../src-main/contract/groups.ts';
import type { Disk } from '../../src-main/store/disk.ts';
import { completeCycle, openCycle, reopenCycle } from '../../src-main/store/cycle.ts';
import { recordName } from '../../src-main/store/file-names.ts';
import { GroupStore } from '../../src-main/store/group-store.ts';
import type { Receiving, StoredPoint } from '../../src-main/store/record.ts';
import { receiveCycle, type CycleShape } from './sim/cycle.ts';
import { move, rollBack } from './sim/examine.ts';
import { Random } from './sim/random.ts';
import { firstRecord, noon } from './sim/records.ts';
import { pairNumber, Site } from './sim/site.ts';

const shape: CycleShape = { lanes: 1, segmentPayloadBytes: 2048, blockBytes: 512, stripBytes: 65_536, shuffled: false };

export class SmallGroup {
  readonly sources: Site;
  readonly site: Site;
  store: GroupStore;
  readonly #random = new Random(1);
  readonly #lanes: number;

  /** Volumes of `sizes` bytes; the replica's store on `disk`, as it is there or made anew, else in memory. */
  constructor(sizes: readonly number[], options: { disk?: Disk; lanes?: number } = {}) {
    const volumes = sizes.map((sizeBytes) => ({ sizeBytes, tellsHoles: true }));
    const { disk, lanes = 1 } = options;
    this.#lanes = lanes;
    this.sources = new Site('source', volumes);
    this.site = new Site('replica', volumes, disk === undefined ? {} : { disk: () => disk });
    const pairs = sizes.map((sizeBytes, n) => ({ number: pairNumber(n), sizeBytes }));
    const made = this.site.disk.exists(recordName);
    this.store = made ? GroupStore.open(this.site.disk) : GroupStore.create(this.site.disk, firstRecord(pairs));
    this.store.reserveScratch();
  }

  /** Production writes. */
  write(volume: number, offset: number, content: Buffer): void {
    this.sources.volumes[volume]?.write(content, offset);
  }

  open(save: 'journal' | 'blank' = 'journal'): Receiving {
    const pairs = this.site.volumes.map((_, n) => ({ number: pairNumber(n), save, created: false }));
    return openCycle(this.store, { kind: 'cycle', pairs, before: null, also: {} }, noon);
  }

  reopen(): Receiving {
    return reopenCycle(this.store, {}, noon);
  }

  async receive(receiving: Receiving): Promise<void> {
    const places = { site: this.site, store: this.store, sources: this.sources };
    await receiveCycle(places, receiving, { ...shape, lanes: this.#lanes }, this.#random, () => undefined);
  }

  complete(consistency: Consistency = 'crash'): StoredPoint {
    return completeCycle(this.store, { at: noon, consistency, also: {} });
  }

  /** A whole cycle; the first one is a seed onto blank volumes. */
  async cycle(consistency: Consistency = 'crash'): Promise<StoredPoint> {
    await this.receive(this.open(this.store.record.points.length === 0 ? 'blank' : 'journal'));
    return this.complete(consistency);
  }

  rollBack(): void {
    rollBack(this.site, this.store);
  }

  moveTo(point: StoredPoint): void {
    move(this.site, this.store, point);
  }

  /** As a new process finds it. */
  restart(): void {
    this.store.close();
    this.store = GroupStore.open(this.site.disk);
  }
}

/** Reads a whole file of the store. */
export function readWhole(disk: Disk, name: string): Buffer {
  const file = disk.open(name);
  const content = Buffer.alloc(file.size());
  file.read(content, 0);
  file.close();
  return content;
}

/** Changes bytes of a file of the store, durably. */
export function overwrite(disk: Disk, name: string, content: Buffer, offset: number): void {
  const file = disk.open(name);
  file.write(content, offset);
  file.flush();
  file.close();
}

/** Flips one bit of a file of the store. */
export function flipBit(disk: Disk, name: string, offset: number, bit = 0): void {
  const byte = readWhole(disk, name).subarray(offset, offset + 1);
  overwrite(disk, name, Buffer.from([(byte[0] ?? 0) ^ (1 << bit)]), offset);
}
