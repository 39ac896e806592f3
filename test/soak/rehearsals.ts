/** Test failovers within a soak: their copies are held against what the model says of the point, and are removed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Fault } from './command.ts';
import { membersIn, pairIdOf } from './members.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Which files count for a fault in a test failover: its copies, and what is kept of it. */
export const rehearsalFiles = String.raw`/rehearsal\d+/|/store\d*/[^/]+/tests$`;

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export class Rehearsals {
  readonly #world: World;
  readonly #random: Random;
  /** Directories that a clean-up has to remove. */
  #left: string[] = [];

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** What was kept of tests is lost, as a store is: nobody knows of their copies. */
  forget(): void {
    this.#left = [];
  }

  /** Makes a test, or cleans up. */
  async step(group: GroupView, fault: Fault | null): Promise<void> {
    const allowed = group.actions.some((action) => action.operation === 'test-failover' && action.allowed);
    if (this.#left.length > 0 && this.#random.once(2)) await this.#cleanUp(fault);
    else if (allowed || this.#random.once(8)) await this.#test(group, fault);
  }

  /** All that tests have left is removed, whatever they were cut off in. Every store can be read. */
  async end(): Promise<void> {
    for (let tries = 0; this.#left.length > 0; tries += 1) {
      if (tries > this.#left.length + 1) this.#world.fail(`copies are left: ${this.#left.join(', ')}`);
      await this.#cleanUp(null);
    }
  }

  async #test(group: GroupView, fault: Fault | null): Promise<void> {
    const { sites, name } = this.#world;
    const directory = sites.fresh('rehearsal');
    const usable = group.points.filter(({ state, kind }) => state === 'usable' && kind !== 'as-left');
    const point = this.#random.pick([undefined, ...usable]);
    const words = ['test-failover', name, '--dir', directory, ...(point === undefined ? [] : ['--point', point.id])];
    const { exitCode, report, printed } = await this.#world.command(words, fault);
    if (existsSync(directory)) this.#left.push(directory);
    const wrong = report.run?.error?.code === 'verify-mismatch';
    if (wrong && point !== undefined) this.#world.fail(`the copy of point ${point.id} is not what it held: ${printed}`);
    if (exitCode === 0) this.#judge(group, report.run?.pointId ?? '', directory);
  }

  #judge(group: GroupView, id: string, directory: string): void {
    const held = this.#world.model.points.get(id);
    if (held === undefined) this.#world.fail(`point ${id}, which was copied, was never listed`);
    if (held === null) return;
    for (const n of membersIn(
      group,
      group.points.find((point) => point.id === id),
    )) {
      const volume = held[n] ?? Buffer.alloc(0);
      const copy = readFileSync(join(directory, `${pairIdOf(n)}-volume${n}.img`));
      const begins = sha256(copy.subarray(0, volume.length)) === sha256(volume);
      if (begins && copy.subarray(volume.length).every((byte) => byte === 0)) continue;
      this.#world.fail(`the copy of volume ${n} in ${directory} is not what point ${id} held`);
    }
    this.#world.tally.tests += 1;
  }

  async #cleanUp(fault: Fault | null): Promise<void> {
    const { name } = this.#world;
    const { stores } = await this.#world.show();
    const { exitCode, printed } = await this.#world.command(['test-cleanup', name], fault);
    const known = stores.every(({ state }) => state === 'read');
    const left = this.#left.filter((directory) => existsSync(directory));
    if (exitCode === 0 && known && left.length > 0) this.#world.fail(`copies are left: ${left.join(', ')}`);
    this.#left = left;
    if (exitCode === 0 || exitCode === null) return;
    // An old copy of a store knows of tests that were cleaned up since: their directories are to be made again.
    const missing = [...printed.matchAll(/rehearsal\d+/g)].map(([found]) =>
      join(this.#world.sites.dir, basename(found)),
    );
    for (const directory of new Set(missing)) {
      if (existsSync(directory)) continue;
      mkdirSync(directory);
      this.#left.push(directory);
    }
  }
}
