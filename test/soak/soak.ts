/**
 * A random walk over all operations, in both directions, with kills, failing writes, lost sites, stores put back from
 * old copies and production that goes on writing. After each step the volumes are held against an independent model.
 */
import { rmSync } from 'node:fs';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation, SiteLetter } from '../../src-main/contract/phases.ts';
import { sitepair, type Fault } from './command.ts';
import { Comparisons } from './comparisons.ts';
import { ForeignWrites } from './foreign-writes.ts';
import { mirrored } from './judge.ts';
import { members } from './members.ts';
import { letterOf } from './model.ts';
import { PairChanges } from './pair-changes.ts';
import { Plan } from './plan.ts';
import type { Random } from './random.ts';
import { rehearsalFiles, Rehearsals } from './rehearsals.ts';
import { chunkBytes, letters } from './sites.ts';
import type { World } from './world.ts';

/** Commands that lead home from a phase, tried in turn; see `#wayOn` for all others. */
const waysHome: Partial<Record<GroupView['phase'], readonly string[]>> = {
  unprotected: ['protect --overwrite'],
  'failed-over': ['commit'],
  committed: ['reprotect'],
  reprotecting: ['resume', 'undo'],
};

/** Operations that a step of their own chooses. */
const elsewhere: readonly Operation[] = ['test-failover', 'test-cleanup', 'compare'];

export class Soak {
  readonly #world: World;
  readonly #random: Random;
  readonly #rehearsals: Rehearsals;
  readonly #pairs: PairChanges;
  readonly #foreign: ForeignWrites;
  readonly #comparisons: Comparisons;
  readonly #plan: Plan;
  #copies: { site: SiteLetter; store: string; copy: string }[] = [];

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#rehearsals = new Rehearsals(world, random);
    this.#pairs = new PairChanges(world, random);
    this.#foreign = new ForeignWrites(world, random);
    this.#comparisons = new Comparisons(world, random);
    this.#plan = new Plan(world, random);
  }

  /** Makes the group and protects it. */
  async begin(): Promise<void> {
    const { sites, name } = this.#world;
    const pairs = sites.pairs.flatMap(({ source, target }) => ['--pair', `${source}::${target}`]);
    const stores = ['--primary-store', sites.store('A'), '--recovery-store', sites.store('B')];
    const names = ['--primary-site', 'Hall A', '--recovery-site', 'Hall B'];
    const policy = ['--chunk-size', String(chunkBytes), '--keep-points', '4'];
    await sitepair(sites.home, ['group', 'create', name, ...names, ...policy, ...pairs, ...stores]);
    await this.#world.must(['protect', name]);
    await this.#plan.begin();
  }

  /** One step of the walk. */
  async step(): Promise<void> {
    const group = await this.#world.show();
    const anyLost = letters.some((site) => this.#world.sites.isLost(site));
    const event = this.#random.weighted<() => void | Promise<void>>([
      { weight: 40, choice: async () => this.#operate(group) },
      { weight: 20, choice: () => this.#produce(group) },
      { weight: anyLost ? 15 : 4, choice: () => this.#loseOrBringBack() },
      { weight: 8, choice: async () => this.#rehearsals.step(group, this.#fault(rehearsalFiles)) },
      { weight: 8, choice: async () => this.#pairs.step(group, this.#fault()) },
      { weight: 6, choice: () => this.#pairs.grow(group) },
      { weight: 4, choice: async () => this.#spoil(group) },
      { weight: 10, choice: async () => this.#comparisons.step(group) },
      { weight: 4, choice: () => this.#plan.turn() },
      { weight: 2, choice: () => this.#keepCopy() },
      { weight: 1, choice: () => this.#putCopyBack() },
      { weight: 2, choice: async () => this.#loseCatalog() },
    ]);
    await event?.();
  }

  /** Everything is there again: the group must get to protected, with both sides equal and verified. */
  async comeHome(): Promise<void> {
    const { sites, name } = this.#world;
    for (const site of letters) if (sites.isLost(site)) sites.bringBack(site);
    this.#world.happened('all is back');
    this.#plan.mend();
    for (let tries = 0; tries < 12; tries += 1) {
      const group = await this.#world.show();
      if (await this.#replaceStore(group)) continue;
      if (group.phase !== 'protected') {
        await this.#wayOn(group);
        continue;
      }
      if ((await this.#world.command(['sync', name])).exitCode !== 0) {
        await this.#run('protect --overwrite');
        continue;
      }
      await this.#world.must(['verify', name]);
      if (!mirrored(await this.#world.show(), this.#world.contents())) {
        this.#world.fail('protected and verified, yet the sites differ');
      }
      await this.#rehearsals.end();
      this.#world.tally.homecomings += 1;
      return;
    }
    this.#world.fail('no way home was found');
  }

  /** Forgets copies of stores, so that the disk does not fill. */
  tidy(): void {
    for (const { copy } of this.#copies) rmSync(copy, { recursive: true, force: true });
    this.#copies = [];
  }

  /** Runs a command that is confirmed, such as "protect --overwrite"; whether it ended well. */
  async #run(command: string, fault: Fault | null = null): Promise<boolean> {
    const { name } = this.#world;
    const [operation = '', ...options] = command.split(' ');
    const plain = ['sync', 'resume', 'rollback', 'verify'].includes(operation);
    const words = [operation, name, ...options, ...(plain ? [] : ['--confirm', name])];
    return (await this.#world.command(words, fault)).exitCode === 0;
  }

  async #wayOn(group: GroupView): Promise<void> {
    const left = group.points.find((point) => point.kind === 'as-left');
    const elsewhere = left === undefined ? [] : [`failover --point ${left.id}`];
    const back = ['resume', 'rollback', 'failover --accept replica-intact', ...elsewhere];
    for (const command of waysHome[group.phase] ?? back) if (await this.#run(command)) return;
  }

  /** Gives the group a new store for one that is there but cannot be used; whether it did. */
  async #replaceStore(group: GroupView): Promise<boolean> {
    const { sites, name } = this.#world;
    const bad = group.stores.find(({ state }) => state !== 'read');
    if (bad === undefined) return false;
    if (['protected', 'interrupted'].includes(group.phase) && (await this.#run('protect --overwrite'))) return true;
    const option = bad.site === 'A' ? '--primary-store' : '--recovery-store';
    const words = ['group', 'set', name, option, sites.nextStore(bad.site), '--confirm', name];
    this.#rehearsals.forget();
    return (await this.#world.command(words)).exitCode === 0;
  }

  async #operate(group: GroupView): Promise<void> {
    const allowed = group.actions
      .filter((action) => action.allowed && !elsewhere.includes(action.operation))
      .map((action) => action.operation);
    const operation = this.#random.weighted(
      allowed.map((choice) => ({ weight: choice === 'sync' || choice === 'resume' ? 3 : 1, choice })),
    );
    if (operation === null) return;
    const point = this.#random.pick([undefined, ...group.points.filter(({ state }) => state === 'usable')])?.id;
    const command = this.#commandOf(operation, point);
    if (command === null) return;
    const leftOut = operation === 'resume' ? this.#plan.leftOut(group) : [];
    await this.#run([command, ...leftOut].join(' '), this.#fault());
  }

  #commandOf(operation: Operation, point: string | undefined): string | null {
    const at = point === undefined ? '' : ` --point ${point}`;
    switch (operation) {
      case 'protect':
        return 'protect --overwrite';
      case 'verify':
        return 'verify --repair';
      case 'failover':
      case 'change-point':
        return `${operation}${at}`;
      case 'planned-failover':
        return 'failover --planned';
      case 'drop-point':
        return point !== undefined && this.#random.once(4) ? `points --drop ${point}` : null;
      default:
        return operation;
    }
  }

  #fault(more?: string): Fault | null {
    const nth = this.#random.between(1, this.#random.pick([4, 12, 40]));
    const files = this.#random.pick([
      String.raw`/[AB]/(?!.*(\.log|/lock)$)`,
      String.raw`/store\d*/[^/]+/record$`,
      String.raw`\.img$`,
      String.raw`/undo-`,
      ...(more === undefined ? [] : [more]),
    ]);
    if (this.#random.once(2)) return { kind: 'kill', files, nth };
    if (!this.#random.once(6)) return null;
    const call = this.#random.once(2) ? 'write' : 'flush';
    return { kind: 'fail', files, call, nth, forGood: this.#random.once(2) };
  }

  /** What is spoiled is mended at once, so nothing else may stand in the way of that. */
  async #spoil(group: GroupView): Promise<void> {
    this.#plan.mend();
    await this.#foreign.step(group, this.#fault());
  }

  #produce(group: GroupView): void {
    if (group.activeSite === null) return;
    const site = letterOf(group.activeSite);
    if (!this.#world.sites.isLost(site)) this.#world.write(site, members(group));
  }

  #loseOrBringBack(): void {
    const { sites } = this.#world;
    const lost = letters.find((site) => sites.isLost(site));
    const site = lost ?? this.#random.pick(letters);
    if (lost === undefined) sites.lose(site);
    else sites.bringBack(site);
    this.#world.happened(`${site} is ${lost === undefined ? 'lost' : 'back'}`);
  }

  /** The catalog is deleted; either store brings the group back. */
  async #loseCatalog(): Promise<void> {
    const { sites } = this.#world;
    if (letters.some((site) => sites.isLost(site))) return;
    rmSync(sites.home, { recursive: true });
    const first = this.#random.pick(letters);
    const second = first === 'A' ? 'B' : 'A';
    const { exitCode, printed } = await sitepair(sites.home, [
      'group',
      'adopt',
      sites.store(first),
      '--other-store',
      sites.store(second),
    ]);
    this.#world.happened(`the catalog is lost; the group is adopted from the store of ${first}`);
    if (exitCode !== 0) this.#world.fail(`the group cannot be adopted: ${printed}`);
    // Commands that came with a store are off until they are confirmed.
    await this.#world.must(['group', 'set', this.#world.name, '--confirm-hooks']);
  }

  #keepCopy(): void {
    const { sites } = this.#world;
    const site = this.#random.pick(letters);
    if (sites.isLost(site)) return;
    const store = sites.store(site);
    this.#copies.push({ site, store, copy: sites.keep(store) });
    this.#world.happened(`the store of ${site} is copied`);
  }

  #putCopyBack(): void {
    const { sites } = this.#world;
    const last = this.#copies.at(-1);
    if (last === undefined || sites.isLost(last.site) || sites.store(last.site) !== last.store) return;
    sites.putBack(last.copy, last.store);
    this.#rehearsals.forget();
    this.#world.happened(`the store of ${last.site} is an old copy`);
  }
}
