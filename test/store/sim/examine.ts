/**
 * What must hold at every moment, looked at on copies of the site, so that the history goes on untouched: the power is
 * cut, the store opened again, an open cycle rolled back (E1), every point visited and left again (E3, E4), and at each
 * of them the digest maps are held against the volumes.
 */
import { digest } from '../../../src-main/store/checksum.ts';
import { MapReader, type Known } from '../../../src-main/store/digest-map.ts';
import { GroupStore } from '../../../src-main/store/group-store.ts';
import { moveTo } from '../../../src-main/store/move.ts';
import { punchZeros } from '../../../src-main/store/punch.ts';
import { chunkCount, pointId, samePoint, type PointKey } from '../../../src-main/store/record.ts';
import { rollbackCycle } from '../../../src-main/store/rollback.ts';
import type { Expected, Model } from './model.ts';
import type { Random } from './random.ts';
import { chunkSize, noon } from './records.ts';
import { pairNumber, type Site } from './site.ts';

/** Throws where a volume does not hold what is expected. */
export function compareVolumes(site: Site, expected: readonly Expected[], when: string): void {
  site.contents().forEach((content, n) => {
    const wanted = expected[n];
    if (wanted === null || wanted === undefined || content.equals(wanted)) return;
    const at = content.findIndex((byte, offset) => byte !== wanted[offset]);
    throw new Error(`${when}: volume ${n} is wrong from byte ${at} on (chunk ${Math.floor(at / chunkSize)})`);
  });
}

function isTrue(known: Known, chunk: Buffer): boolean {
  if (known === 'unknown') return true;
  return known === 'blank' ? chunk.every((byte) => byte === 0) : known.equals(digest(chunk));
}

/** Throws where a digest map says something false, or knows less than it should. */
export function checkMaps(site: Site, store: GroupStore, whole: boolean): void {
  const { position, definition } = store.record;
  if (position === null) return;
  site.contents().forEach((content, n) => {
    const pair = pairNumber(n);
    const reader = new MapReader(store.disk, {
      group: definition.id,
      pair,
      epoch: position.epoch,
      cycle: position.cycle,
    });
    try {
      for (let chunk = 0; chunk < chunkCount(content.length, chunkSize); chunk += 1) {
        const known = reader.lookup(chunk);
        const part = content.subarray(chunk * chunkSize, Math.min(content.length, (chunk + 1) * chunkSize));
        const which = `the map of pair ${pair} at ${pointId(position)}`;
        if (!isTrue(known, part)) throw new Error(`${which} is wrong of chunk ${chunk}`);
        if (whole && known === 'unknown') throw new Error(`${which} lost chunk ${chunk}`);
      }
    } finally {
      reader.close();
    }
  });
}

export function rollBack(site: Site, store: GroupStore): void {
  site.doing = 'rolling back';
  const volumes = site.openVolumes();
  try {
    rollbackCycle(store, { volumes, now: noon, also: {}, checkpoint: () => undefined });
  } finally {
    volumes.close();
    site.doing = 'nothing';
  }
}

export function move(site: Site, store: GroupStore, target: PointKey): void {
  site.doing = 'moving';
  const volumes = site.openVolumes();
  const { epoch, cycle } = target;
  try {
    moveTo(store, { epoch, cycle }, { volumes, now: () => noon, begin: {}, done: {}, checkpoint: () => undefined });
  } finally {
    volumes.close();
    site.doing = 'nothing';
  }
}

export function punch(site: Site, store: GroupStore): void {
  const volumes = site.openVolumes();
  punchZeros(store, volumes, noon);
  volumes.close();
}

/** A copy of a site, examined step by step. */
class Examination {
  readonly #site: Site;
  readonly #model: Model;
  readonly #random: Random;
  #store: GroupStore;

  constructor(site: Site, model: Model, random: Random) {
    this.#site = site.clone();
    this.#model = model;
    this.#random = random;
    if (random.chance(0.8)) this.#site.cutPower(random);
    this.#store = GroupStore.open(this.#site.disk);
    model.agree(this.#store.record);
  }

  run(): void {
    const { state } = this.#model;
    if (this.#random.chance(0.5)) punch(this.#site, this.#store);
    if (this.#receives) this.#rollBack();
    if (state.position !== null && this.#store.record.moving === null) {
      compareVolumes(this.#site, state.position.contents, `at ${pointId(state.position)}`);
    }
    const [oldest] = state.points;
    const newest = state.points.at(-1);
    if (oldest === undefined || newest === undefined) return;
    const any = state.points[this.#random.below(state.points.length)] ?? oldest;
    for (const point of this.#random.chance(0.25) ? [any, oldest, newest] : [any]) this.#visit(point);
  }

  get #receives(): boolean {
    return this.#store.record.receiving !== null;
  }

  #rollBack(): void {
    const { before } = this.#model;
    rollBack(this.#site, this.#store);
    compareVolumes(this.#site, before, 'rolled back');
    this.#cutPower();
    if (this.#receives) throw new Error('a rollback that was done is undone');
    compareVolumes(this.#site, before, 'rolled back, then a power cut');
  }

  #visit(key: PointKey): void {
    const point = this.#model.state.points.find((one) => samePoint(one, key));
    if (point === undefined) throw new Error(`no point ${pointId(key)}`);
    move(this.#site, this.#store, point);
    if (this.#random.chance(0.3)) this.#cutPower();
    const { position, moving } = this.#store.record;
    const there = moving === null && samePoint(position, point);
    if (!there) throw new Error(`the way to ${pointId(point)} did not get there`);
    compareVolumes(this.#site, point.contents, `brought to ${pointId(point)}`);
    if (this.#random.chance(0.3)) checkMaps(this.#site, this.#store, this.#model.state.mapsWhole);
  }

  #cutPower(): void {
    this.#site.cutPower(this.#random);
    this.#store = GroupStore.open(this.#site.disk);
  }
}

export function examine(site: Site, model: Model, random: Random): void {
  new Examination(site, model, random).run();
}
