/**
 * Both sides compared within a soak: what is told of each chunk is held against the bytes, and what is saved of one
 * side is put onto a copy of the other, which is the one side then.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import type { Comparison, ComparedKind, ComparedPair } from '../../src-main/contract/comparison.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { pairIdOf, volumeOf } from './members.ts';
import type { Random } from './random.ts';
import { chunkBytes, letters } from './sites.ts';
import type { World } from './world.ts';

type Side = 'primary' | 'recovery';

/** What a chunk is, by its bytes; `was` null: nothing is known of it. */
function kindOf(was: Buffer | null, here: Buffer, there: Buffer): ComparedKind {
  const equal = here.equals(there);
  if (was === null) return equal ? 'same' : 'unknown';
  if (equal) return here.equals(was) ? 'unchanged' : 'same';
  if (here.equals(was)) return 'onlyRecovery';
  return there.equals(was) ? 'onlyPrimary' : 'both';
}

/** The kind of each chunk, as the ranges tell. */
function toldKinds({ sizeBytes, ranges }: ComparedPair): ComparedKind[] {
  const told = Array.from({ length: Math.ceil(sizeBytes / chunkBytes) }, (): ComparedKind => 'unchanged');
  for (const { offset, length, kind } of ranges) {
    told.fill(kind, offset / chunkBytes, Math.ceil((offset + length) / chunkBytes));
  }
  return told;
}

export class Comparisons {
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  async step(group: GroupView): Promise<void> {
    const { sites, name } = this.#world;
    const allowed = group.actions.some((action) => action.operation === 'compare' && action.allowed);
    if (!allowed || letters.some((site) => sites.isLost(site))) return;
    const side: Side = this.#random.pick(['primary', 'recovery']);
    const file = sites.fresh('saved');
    const words = ['compare', name, '--salvage', file, '--site', side];
    const { exitCode, report } = await this.#world.command(words);
    const { comparison } = report;
    if (exitCode !== 0 || comparison === undefined) return;
    for (const pair of comparison.pairs) this.#judge(comparison, pair);
    if (comparison.salvage === undefined) return;
    await this.#apply(comparison.pairs[this.#random.between(0, comparison.pairs.length - 1)], side, file);
    this.#world.tally.compared += 1;
  }

  #judge({ basis }: Comparison, pair: ComparedPair): void {
    const n = volumeOf(pair);
    const { A, B } = this.#world.contents();
    const held = basis.point === null ? null : (this.#world.model.points.get(basis.point) ?? null);
    const [here, there, was] = [A[n], B[n], held?.[n] ?? null];
    if (!here || !there) this.#world.fail(`volume ${n} was compared, and is not there`);
    toldKinds(pair).forEach((told, chunk) => {
      const [from, to] = [chunk * chunkBytes, Math.min((chunk + 1) * chunkBytes, pair.sizeBytes)];
      const known = was !== null && was.length >= to ? was.subarray(from, to) : null;
      const kind = kindOf(known, here.subarray(from, to), there.subarray(from, to));
      // Where the digest of a chunk is not known, only whether both are the same can be told.
      const blind = kindOf(null, here.subarray(from, to), there.subarray(from, to));
      const agree = known === null ? (blind === 'same') === ['same', 'unchanged'].includes(told) : told === kind;
      if (agree || told === blind) return;
      this.#world.fail(`chunk ${chunk} of ${pair.pairId} is told to be ${told}, and is ${kind}`);
    });
  }

  async #apply(pair: ComparedPair | undefined, side: Side, file: string): Promise<void> {
    if (pair === undefined) return;
    const { sites } = this.#world;
    const n = volumeOf(pair);
    const [lost, kept] = side === 'primary' ? (['A', 'B'] as const) : (['B', 'A'] as const);
    const copy = sites.fresh('applied');
    copyFileSync(sites.volume(kept, n), copy);
    await this.#world.must(['salvage', 'list', file]);
    await this.#world.must(['salvage', 'apply', file, '--pair', pairIdOf(n), '--to', copy]);
    const [is, wanted] = [copy, sites.volume(lost, n)].map((path) => readFileSync(path).subarray(0, pair.sizeBytes));
    if (wanted?.equals(is ?? Buffer.alloc(0)) !== true) {
      this.#world.fail(`what was saved of ${lost} in ${file}, put onto ${kept}'s volume ${n}, is not ${lost}'s`);
    }
  }
}
