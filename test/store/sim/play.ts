/**
 * Plays one history: steps as operations take them, with the machine stopped in the middle of some, and after each step
 * everything examined that must hold.
 */
import { completeCycle, openCycle, reopenCycle } from '../../../src-main/store/cycle.ts';
import { GroupStore } from '../../../src-main/store/group-store.ts';
import {
  pointId,
  samePoint,
  type PointKey,
  type Receiving,
  type ReceivingPair,
} from '../../../src-main/store/record.ts';
import { applyRetention, dropPoint } from '../../../src-main/store/retention.ts';
import { aroundBad, spoil } from './bad-sectors.ts';
import { receiveCycle, type CycleShape } from './cycle.ts';
import { examineDamage } from './damage.ts';
import { checkMaps, compareVolumes, examine, move, punch, rollBack } from './examine.ts';
import { Stopped, type Trouble } from './machine.ts';
import { Model, retentionStates, type Expected, type ModelPoint } from './model.ts';
import { Random } from './random.ts';
import { firstRecord, noon } from './records.ts';
import { pairNumber, Site, type Sabotage } from './site.ts';
import { writeAtRandom } from './writes.ts';

export interface Setting extends CycleShape {
  volumes: { sizeBytes: number; tellsHoles: boolean; sourceBlank: boolean; targetBlank: boolean }[];
  keep: number;
  /** Journals that a point may rest on before they are folded. */
  foldAbove: number;
  seed: number;
}

export interface Step {
  what: 'cycle' | 'roll back' | 'move' | 'drop' | 'turn over';
  /** Which point, where one is to be chosen. */
  choice: number;
  /** How often the source is written before. */
  writes: number;
  /** Whether the source is also written while it is read. */
  meanwhile: boolean;
  /** Whether sectors of the source cannot be read, and a cycle passes over them. */
  unreadable: boolean;
  fuzzy: boolean;
  /** After how many calls that change something the machine stops, or a call fails; null where all goes well. */
  trouble: { after: number; how: Trouble } | null;
  seed: number;
}

export class Play {
  readonly #setting: Setting;
  readonly #sources: Site;
  readonly #site: Site;
  readonly #model = new Model();
  #store: GroupStore;
  #random: Random;
  /** What the volumes held when the cycle was opened, while that may still be lost because nobody has flushed it. */
  #unflushed: Expected[] | null = null;

  constructor(setting: Setting, sabotage: Sabotage) {
    this.#setting = setting;
    this.#random = new Random(setting.seed);
    this.#sources = new Site('source', setting.volumes);
    this.#site = new Site('replica', setting.volumes, sabotage);
    setting.volumes.forEach(({ sourceBlank, targetBlank }, n) => {
      const [source, target] = [this.#sources.volumes[n], this.#site.volumes[n]];
      for (let times = 0; times < 3; times += 1) {
        if (source !== undefined && !sourceBlank) writeAtRandom(source, this.#random);
        if (target !== undefined && !targetBlank) writeAtRandom(target, this.#random);
      }
      target?.flush();
    });
    const pairs = setting.volumes.map(({ sizeBytes }, n) => ({ number: pairNumber(n), sizeBytes }));
    this.#store = GroupStore.create(this.#site.disk, firstRecord(pairs));
  }

  /** Takes a step; after the `last` one everything is examined, after the others often. */
  async step(step: Step, last: boolean): Promise<void> {
    this.#random = new Random(step.seed);
    for (let times = 0; times < step.writes; times += 1) this.#writeSource();
    if (step.trouble !== null) this.#site.machine.troubleAfter(step.trouble.after, step.trouble.how);
    try {
      await this.#take(step);
      this.#site.machine.troubleAfter(Infinity, 'kill');
      this.#store.close();
      const { openHandles } = this.#site.machine;
      if (openHandles !== 0) throw new Error(`${openHandles} files or volumes were left open by: ${step.what}`);
    } catch (error) {
      if (!(error instanceof Stopped) && error !== this.#site.machine.given) throw error;
      this.#site.doing = 'nothing';
      if (this.#random.chance(0.3)) this.#site.evict();
      if (step.trouble?.how === 'power cut') this.#site.cutPower(this.#random);
      else this.#site.machine.start();
      if (this.#unflushed !== null) this.#takeWhatSurvived(this.#unflushed);
    }
    this.#unflushed = null;
    this.#store = GroupStore.open(this.#site.disk);
    this.#model.reopened(this.#store.record);
    this.#look();
    if (last || this.#random.chance(0.4)) examine(this.#site, this.#model, this.#random);
    const oftenDamaged = this.#store.record.receiving !== null;
    if (this.#random.chance(oftenDamaged ? 0.5 : 0.1)) examineDamage(this.#site, this.#model, this.#random);
  }

  /**
   * Stopped before anything was saved: what the volumes hold now, and no more, is what a rollback has to bring back.
   */
  #takeWhatSurvived(kept: Expected[]): void {
    const contents = this.#site.contents();
    contents.forEach((content, n) => {
      this.#site.volumes[n]?.flush();
      if (kept[n] !== null) kept[n] = content;
      if (this.#model.before[n] !== null) this.#model.before[n] = content;
    });
  }

  /** What can be seen without touching anything. */
  #look(): void {
    const { position, mapsWhole } = this.#model.state;
    const { receiving, moving } = this.#store.record;
    if (position === null || receiving !== null || moving !== null) return;
    compareVolumes(this.#site, position.contents, `at ${pointId(position)}`);
    if (this.#random.chance(0.5)) checkMaps(this.#site, this.#store, mapsWhole);
  }

  async #take(step: Step): Promise<void> {
    const { receiving, moving } = this.#store.record;
    this.#site.flushesLose = true;
    // Somebody reads a point meanwhile, so that journals stay that nobody needs any more.
    this.#site.pinned = this.#random.chance(0.2);
    if (receiving !== null) {
      const goOn = step.what === 'cycle' && !receiving.flushFailed;
      if (goOn) await this.#receive(step, reopenCycle(this.#store, {}, noon, step.unreadable));
      else rollBack(this.#site, this.#store);
    } else if (moving !== null) {
      this.#move(step.what === 'roll back' ? moving.from : this.#choose(step));
    } else {
      await this.#takeAtRest(step);
    }
  }

  async #takeAtRest(step: Step): Promise<void> {
    const { points, position } = this.#model.state;
    const newest = points.at(-1);
    if (newest === undefined) await this.#seed(step);
    else if (step.what === 'move') this.#move(this.#choose(step));
    else if (step.what === 'drop') this.#drop(this.#choose(step));
    else if (step.what === 'turn over') await this.#turnOver(step);
    else if (!samePoint(newest, position)) this.#move(newest);
    else if (step.what === 'roll back') rollBack(this.#site, this.#store);
    else await this.#cycle(step);
  }

  async #cycle(step: Step): Promise<void> {
    punch(this.#site, this.#store);
    await this.#open(step, 'cycle', this.#allPairs('journal'), null);
  }

  /** The first cycle, onto blank volumes or onto such as hold data. */
  async #seed(step: Step): Promise<void> {
    this.#store.reserveScratch();
    const discard = step.choice % 4 === 3;
    const sparing = step.choice % 2 === 0;
    const holdsData = this.#site.contents().map((content) => content.some((byte) => byte !== 0));
    const saved = holdsData.includes(true) && !discard;
    const pairs = holdsData.map((data, n): ReceivingPair => {
      const save = data ? (discard ? 'discard' : 'journal') : saved && sparing ? 'journal' : 'blank';
      return { number: pairNumber(n), save, created: false };
    });
    await this.#open(step, 'seed', pairs, saved ? 'before-protect' : null);
  }

  /** The side is promoted, written by production, and replicated to again: what it held stays as a point. */
  async #turnOver(step: Step): Promise<void> {
    const epoch = this.#store.record.epoch + 1;
    const none = { points: [], position: null, mapsWhole: false };
    this.#model.change([none], () => this.#store.update({ points: [], position: null, punch: null, epoch }, noon));
    this.#store.collectGarbage();
    // What production loses is not ours to bring back.
    this.#site.flushesLose = false;
    const volumes = this.#site.openVolumes();
    this.#site.volumes.forEach((volume, n) => {
      const handle = volumes.get(pairNumber(n));
      writeAtRandom(volume, this.#random);
      if (this.#random.chance(0.5)) handle.flush();
    });
    volumes.close();
    await this.#open(step, 'reprotect', this.#allPairs('journal'), 'before-reprotect');
  }

  async #open(
    step: Step,
    kind: Receiving['kind'],
    pairs: ReceivingPair[],
    before: 'before-protect' | 'before-reprotect' | null,
  ): Promise<void> {
    const { state } = this.#model;
    const held = this.#site.contents();
    const kept = pairs.map(({ save }, n) => (save === 'journal' ? (held[n] ?? null) : null));
    this.#model.before = pairs.map(({ save }, n) => (save === 'discard' ? null : (held[n] ?? null)));
    this.#unflushed = kept;
    this.#site.flushesLose = false;
    let after = state;
    if (before !== null) {
      const { counter, epoch } = this.#store.record;
      const key = { epoch, cycle: counter + 1 };
      const point: ModelPoint = { ...key, kind: before, fuzzy: false, damaged: false, contents: kept };
      after = { points: [point], position: point, mapsWhole: false };
    }
    const receiving = this.#model.change([after], () =>
      openCycle(this.#store, { kind, pairs, before, skipUnreadable: step.unreadable, also: {} }, noon),
    );
    if (before !== null) this.#model.issued(receiving.cycle - 1);
    this.#model.issued(receiving.cycle);
    if (this.#random.chance(0.5)) this.#store.collectGarbage();
    await this.#receive(step, receiving);
  }

  /** From the first strip to the last thing that an operation tidies up. */
  async #receive(step: Step, receiving: Receiving): Promise<void> {
    const places = { site: this.#site, store: this.#store, sources: this.#sources };
    const held = this.#site.contents();
    spoil(this.#sources, this.#random, step.unreadable);
    const unread = await receiveCycle(places, receiving, this.#setting, this.#random, () => {
      this.#unflushed = null;
      this.#site.flushesLose = true;
      if (step.meanwhile && this.#random.chance(0.3)) this.#writeSource();
    });
    this.#unflushed = null;
    const contents = this.#site.contents();
    if (!step.meanwhile) {
      compareVolumes(this.#site, aroundBad(this.#sources, held), 'received');
    }
    const { state } = this.#model;
    const { epoch, cycle } = receiving;
    const point: ModelPoint = {
      epoch,
      cycle,
      kind: 'cycle',
      fuzzy: step.fuzzy,
      damaged: false,
      unread: unread.length > 0,
      contents,
    };
    const { doubtful } = this.#store.record;
    const older = doubtful ? state.points.map((one) => ({ ...one, damaged: true })) : state.points;
    const after = { points: [...older, point], position: point, mapsWhole: true };
    const consistency = step.fuzzy ? 'fuzzy' : 'crash';
    const completed = this.#model.change([after], () =>
      completeCycle(this.#store, { at: noon, consistency, unread, also: {} }),
    );
    if ((completed.state === 'incomplete') !== unread.length > 0) throw new Error(`a point is ${completed.state}`);
    punch(this.#site, this.#store);
    this.#site.pinned = false;
    const states = retentionStates(this.#model.state, this.#setting.keep);
    this.#model.change(states, () => applyRetention(this.#store, this.#setting.keep, noon, this.#folding));
    this.#model.agree(this.#store.record);
    this.#store.collectGarbage();
  }

  #move(target: PointKey): void {
    const { state } = this.#model;
    const point = state.points.find((one) => samePoint(one, target)) ?? null;
    this.#model.change([{ ...state, position: point }], () => {
      move(this.#site, this.#store, target);
    });
  }

  #drop(target: PointKey): void {
    const { state } = this.#model;
    if (samePoint(target, state.position) || samePoint(target, state.points.at(-1) ?? null)) return;
    const points = state.points.filter((point) => !samePoint(point, target));
    this.#site.pinned = false;
    this.#model.change([{ ...state, points }], () => {
      dropPoint(this.#store, { epoch: target.epoch, cycle: target.cycle }, noon, this.#folding);
    });
  }

  get #folding(): { above: number; segmentPayloadBytes: number } {
    return { above: this.#setting.foldAbove, segmentPayloadBytes: this.#setting.segmentPayloadBytes };
  }

  #choose(step: Step): PointKey {
    const { points } = this.#model.state;
    const point = points[step.choice % Math.max(1, points.length)];
    if (point === undefined) throw new Error('there is no point to choose');
    return point;
  }

  #allPairs(save: ReceivingPair['save']): ReceivingPair[] {
    return this.#setting.volumes.map((_, n) => ({ number: pairNumber(n), save, created: false }));
  }

  #writeSource(): void {
    const volume = this.#sources.volumes[this.#random.below(this.#sources.volumes.length)];
    if (volume !== undefined) writeAtRandom(volume, this.#random);
  }
}
