/** Pairs that come and go within a soak, and sources that grow. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Fault } from './command.ts';
import { allMembers, members, pairIdOf, volumeOf } from './members.ts';
import { letterOf, otherLetter } from './model.ts';
import type { Random } from './random.ts';
import { chunkBytes, letters } from './sites.ts';
import type { World } from './world.ts';

/** A group of a soak has no more, and a volume is no larger, bytes. */
const most = { pairs: 4, bytes: 1 << 20 };

export class PairChanges {
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  async step(group: GroupView, fault: Fault | null): Promise<void> {
    const { sites } = this.#world;
    if (!['protected', 'unprotected'].includes(group.phase) || letters.some((site) => sites.isLost(site))) return;
    const { length } = allMembers(group);
    if (length < 2 || (length < most.pairs && this.#random.once(2))) await this.#add(group, fault);
    else await this.#remove(group, fault);
  }

  /** A source of the group grows by whole chunks. */
  grow(group: GroupView): void {
    const { sites, model } = this.#world;
    if (group.activeSite === null || sites.isLost(letterOf(group.activeSite))) return;
    const active = letterOf(group.activeSite);
    const contents = sites.contents(active);
    const growing = members(group).filter((n) => {
      const length = contents[n]?.length ?? 1;
      return length % chunkBytes === 0 && length < most.bytes;
    });
    const n = growing[this.#random.between(0, growing.length - 1)];
    if (n === undefined) return;
    sites.grow(active, n);
    model.written(active, sites.contents(active));
    this.#world.tally.grown += 1;
    this.#world.happened(`volume ${n} grows at ${active}`);
  }

  async #add(group: GroupView, fault: Fault | null): Promise<void> {
    const { sites, model, name } = this.#world;
    if (group.activeSite === null) return;
    const active = letterOf(group.activeSite);
    const size = this.#random.pick([chunkBytes * this.#random.between(1, 12), this.#random.between(1, 100_000)]);
    const n = sites.makeVolume(active, size, this.#random.once(2));
    model.made(active, n, sites.contents(active));
    const other = otherLetter(active);
    const holdsData = this.#random.once(3);
    if (holdsData) {
      sites.makeTarget(other, n, size);
      model.made(other, n, sites.contents(other));
    }
    const pair = `${sites.volume(active, n)}::${sites.volume(other, n)}`;
    const confirmed = holdsData ? ['--overwrite', '--confirm', name] : [];
    const words = ['group', 'add-pair', name, pair, '--id', pairIdOf(n), ...confirmed];
    const { exitCode } = await this.#world.command(words, fault);
    if (exitCode !== 0) return;
    if (!allMembers(await this.#world.show()).includes(n)) this.#world.fail(`volume ${n} was added, and is not there`);
    this.#world.tally.pairsChanged += 1;
  }

  async #remove(group: GroupView, fault: Fault | null): Promise<void> {
    const { name } = this.#world;
    const all = [...group.pairs, ...(group.joining ?? [])];
    const pair = all[this.#random.between(0, all.length - 1)];
    if (pair === undefined) return;
    const { exitCode } = await this.#world.command(['group', 'remove-pair', name, pair.id, '--confirm', name], fault);
    if (exitCode !== 0) return;
    const after = await this.#world.show();
    if (allMembers(after).includes(volumeOf(pair))) this.#world.fail(`${pair.id} was taken out, and is still there`);
    const points = (one: GroupView): string => one.points.map(({ id, state }) => `${id} ${state}`).join();
    if (points(group) !== points(after)) this.#world.fail(`with ${pair.id} the points have changed`);
    this.#world.tally.pairsChanged += 1;
  }
}
