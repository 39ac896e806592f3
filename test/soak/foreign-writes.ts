/** Somebody writes to the replica behind the program's back: verify finds exactly that, and repair mends it. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Fault } from './command.ts';
import { members, volumeOf } from './members.ts';
import { letterOf, otherLetter } from './model.ts';
import type { Random } from './random.ts';
import { chunkBytes, holds, letters, type Contents } from './sites.ts';
import type { World } from './world.ts';

/** The ranges of whole chunks that are not the same in both, as verify tells them. */
function rangesApart({ pairs }: GroupView, one: Contents, other: Contents): string[] {
  return pairs.flatMap((pair) => {
    const [was, is] = [one[volumeOf(pair)], other[volumeOf(pair)]].map((content) => content ?? Buffer.alloc(0));
    const ranges: { offset: number; length: number }[] = [];
    for (let offset = 0; offset < pair.sizeBytes; offset += chunkBytes) {
      const end = Math.min(offset + chunkBytes, pair.sizeBytes);
      if (was?.subarray(offset, end).equals(is?.subarray(offset, end) ?? was) !== false) continue;
      const last = ranges.at(-1);
      if (last !== undefined && last.offset + last.length === offset) last.length += end - offset;
      else ranges.push({ offset, length: end - offset });
    }
    return ranges.map(({ offset, length }) => `${pair.id} ${offset}+${length}`);
  });
}

export class ForeignWrites {
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** Writes where the replica is at a point that is known, and goes on until it is as it has to be. */
  async step(group: GroupView, fault: Fault | null): Promise<void> {
    const { sites, model, name } = this.#world;
    if (group.phase !== 'protected' || group.activeSite === null || letters.some((site) => sites.isLost(site))) return;
    const active = letterOf(group.activeSite);
    const replica = otherLetter(active);
    const point = group.points.find(({ current, site, state }) => current && site === replica && state === 'usable');
    const held = point === undefined ? null : (model.points.get(point.id) ?? null);
    if (held === null || (await this.#world.command(['verify', name])).exitCode !== 0) return;
    const before = sites.contents(replica);
    sites.writeBehindTheBack(replica, members(group));
    const wanted = rangesApart(group, before, sites.contents(replica));
    if (wanted.length === 0) return;
    model.writtenBehindTheBack(replica);
    this.#world.happened(`somebody writes to the replica at ${replica}: ${wanted.join(', ')}`);
    const { exitCode, report } = await this.#world.command(['verify', name]);
    const told = (report.mismatches ?? []).map(({ pairId, offset, length }) => `${pairId} ${offset}+${length}`);
    if (exitCode !== 1 || told.join() !== wanted.join()) this.#world.fail(`verify found ${told.join(', ')} instead`);
    if (this.#random.once(3)) this.#world.write(active, members(group));
    await this.#mend(fault);
    if (model.isSpoiled()) {
      // What the source does not hold any more cannot be mended, and the next cycle brings it back.
      await this.#world.must(['sync', name]);
    } else if (!holds(sites.contents(replica), held, members(group))) {
      this.#world.fail('it was mended, yet the replica is not as it was');
    }
    model.writtenBehindTheBack(null);
    await this.#world.must(['verify', name]);
    this.#world.tally.foreign += 1;
  }

  /** Repairs, with a fault the first time, and again after what that has cut off was taken back. */
  async #mend(fault: Fault | null): Promise<void> {
    const { name, model } = this.#world;
    let next: Fault | null = fault;
    for (let tries = 0; tries < 6; tries += 1) {
      const { phase } = await this.#world.show();
      const words = phase === 'protected' ? ['verify', name, '--repair'] : ['rollback', name];
      const { exitCode, printed } = await this.#world.command(words, next);
      next = null;
      if (phase !== 'protected') continue;
      if (exitCode === 0 && model.isSpoiled()) this.#world.fail(`said to be mended, and is not: ${printed}`);
      if (exitCode === 0 || exitCode === 1) return;
    }
    this.#world.fail('a repair does not come to its end');
  }
}
