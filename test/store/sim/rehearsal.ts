/**
 * A point being copied while the group goes on: its steps come between the strips of cycles, as the copy and the cycles
 * run in processes of their own.
 */
import { GroupStore } from '../../../src-main/store/group-store.ts';
import {
  again,
  readReplica,
  settle,
  type CopyPlaces,
  type CopyStep,
  type WrongChunk,
} from '../../../src-main/store/point-copy.ts';
import { PointWay } from '../../../src-main/store/point-way.ts';
import type { PointKey } from '../../../src-main/store/record.ts';
import { VolumeSet } from '../../../src-main/store/volume-set.ts';
import { Machine } from './machine.ts';
import type { Site } from './site.ts';
import { SimVolume } from './volume.ts';

export class Rehearsal {
  readonly #site: Site;
  readonly #store: GroupStore;
  readonly #places: CopyPlaces;
  readonly #copies: SimVolume[];
  readonly #steps: Generator<CopyStep, WrongChunk[]>;
  /** What the copy holds that the point does not; null until it is made. */
  wrong: WrongChunk[] | null = null;
  /** Chunks that had to be read once more. */
  wrongAtFirst = 0;

  /** Pins the folder and opens the way; `clone`: the copy begins as what the replica holds at one moment. */
  constructor(site: Site, point: PointKey, pieceBytes: number, clone: boolean) {
    this.#site = site;
    site.pinned = true;
    this.#store = GroupStore.open(site.disk);
    const way = PointWay.open(this.#store, { epoch: point.epoch, cycle: point.cycle });
    this.#copies = site.volumes.map(({ sizeBytes, tellsHoles }, n) => {
      const copy = new SimVolume(`copy/${n}`, sizeBytes, tellsHoles, new Machine());
      if (clone) copy.write(site.contents()[n] ?? Buffer.alloc(0), 0);
      return copy;
    });
    const copy = new VolumeSet((number) => {
      const volume = this.#copies[(number - 1) / 2];
      if (volume === undefined) throw new Error(`no copy of pair ${number}`);
      return volume.open(() => undefined);
    });
    this.#places = { way, replica: site.openVolumes(), copy, pieceBytes };
    this.#steps = this.#all(clone);
  }

  *#all(clone: boolean): Generator<CopyStep, WrongChunk[]> {
    const { pairs } = this.#store.record.definition;
    if (!clone) for (const pair of pairs) yield* readReplica(this.#places, pair);
    const wrong: WrongChunk[] = [];
    yield* settle(this.#places, pairs, wrong);
    this.wrongAtFirst = wrong.length;
    return again(this.#places, pairs, wrong, () => undefined);
  }

  /** Takes so many steps, if as many are left. */
  advance(steps: number): void {
    for (let n = 0; n < steps && this.wrong === null; n += 1) {
      const step = this.#steps.next();
      if (step.done === true) this.wrong = step.value;
    }
  }

  /** Takes the steps that are left, and lets the folder go. Gives what the copies hold. */
  finish(): Buffer[] {
    this.advance(Infinity);
    this.#places.way.assertStands();
    this.release();
    return this.#copies.map((copy) => copy.content());
  }

  /** As when its process is gone. */
  release(): void {
    this.#places.way.close();
    this.#places.replica.close();
    this.#store.close();
    this.#site.pinned = false;
  }
}
