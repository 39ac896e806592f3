/**
 * A site of the simulation: one machine with a group's folder and the group's volumes, which lose their power together.
 */
import type { Disk } from '../../../src-main/store/disk.ts';
import { VolumeSet } from '../../../src-main/store/volume-set.ts';
import type { VolumeHandle } from '../../../src-main/volumes/volume.ts';
import { anyFate } from './cached-bytes.ts';
import { SimDisk } from './disk.ts';
import { Machine } from './machine.ts';
import { Random } from './random.ts';
import { SimVolume } from './volume.ts';

/** A bug to be planted: what lies between the store's code and what it writes to. */
export interface Sabotage {
  disk?: (disk: Disk) => Disk;
  /** `doing` is what the site is doing at the time of a call. */
  volume?: (volume: VolumeHandle, doing: () => Doing) => VolumeHandle;
}

export type Doing = 'nothing' | 'receiving' | 'rolling back' | 'moving';

/** A pair's number, from its place in the list of volumes; not the same, so that one is never taken for the other. */
export function pairNumber(index: number): number {
  return 2 * index + 1;
}

export class Site {
  readonly machine = new Machine();
  readonly #sabotage: Sabotage;
  /** Decides what flushes that fail leave behind. */
  readonly #random = new Random(1);
  #files = new SimDisk(this.machine, this.#random);
  volumes: SimVolume[];
  disk: Disk;
  doing: Doing = 'nothing';
  /** Whether a volume's flush that fails loses what waited; else it is only late. */
  flushesLose = false;

  constructor(name: string, sizes: readonly { sizeBytes: number; tellsHoles: boolean }[], sabotage: Sabotage = {}) {
    this.#sabotage = sabotage;
    this.volumes = sizes.map(
      ({ sizeBytes, tellsHoles }, n) => new SimVolume(`${name}/${n}`, sizeBytes, tellsHoles, this.machine),
    );
    this.disk = this.#sabotaged(this.#files);
  }

  /** Whether somebody reads a point of the folder. */
  set pinned(pinned: boolean) {
    this.#files.pinned = pinned;
  }

  /** Fresh handles of the volumes, by the pairs' numbers. */
  openVolumes(): VolumeSet {
    return new VolumeSet((number) => {
      const volume = this.volumes[(number - 1) / 2];
      if (volume === undefined) throw new Error(`no volume for pair ${number}`);
      const handle = volume.open((failing) => {
        if (this.flushesLose) failing.failFlush(this.#random);
      });
      return this.#sabotage.volume?.(handle, () => this.doing) ?? handle;
    });
  }

  /** What each volume holds now. */
  contents(): Buffer[] {
    return this.volumes.map((volume) => volume.content());
  }

  /** The power goes and comes back. Store and volumes may fare differently. */
  cutPower(random: Random): void {
    this.#files.cut(random, anyFate(random));
    const fate = anyFate(random);
    for (const volume of this.volumes) volume.cut(random, fate);
    this.machine.start();
  }

  /** The system forgets what it need not keep: what a failed flush lost shows. */
  evict(): void {
    this.#files.evict();
    for (const volume of this.volumes) volume.evict();
  }

  /** An independent copy, with what waits to be flushed. */
  clone(): Site {
    const copy = new Site('', [], this.#sabotage);
    copy.#files = this.#files.clone(copy.machine);
    copy.disk = copy.#sabotaged(copy.#files);
    copy.volumes = this.volumes.map((volume) => volume.clone(copy.machine));
    return copy;
  }

  #sabotaged(disk: Disk): Disk {
    return this.#sabotage.disk?.(disk) ?? disk;
  }
}
