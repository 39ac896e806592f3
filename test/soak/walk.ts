/** One walk from a new group on, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';
import { Sites } from './sites.ts';
import { Soak } from './soak.ts';
import { Violation, World, type Tally } from './world.ts';

/** Steps between two homecomings, and how often it comes home. */
const length = { steps: 25, rounds: 2 };

export interface Walked {
  tally: Tally;
  /** What must not be, with all that led to it; null where nothing is wrong. The folder is kept then. */
  violation: string | null;
}

/** Walks as `seed` says, with its sites in a new folder of `dir`. */
export async function walk(seed: number, dir: string): Promise<Walked> {
  const folder = mkdtempSync(join(dir, 'sitepair-soak-'));
  const random = new Random(seed);
  const world = new World(new Sites(folder, random));
  const soak = new Soak(world, random);
  try {
    await soak.begin();
    for (let round = 0; round < length.rounds; round += 1) {
      for (let step = 0; step < length.steps; step += 1) await soak.step();
      await soak.comeHome();
      soak.tidy();
    }
  } catch (error) {
    const what = error instanceof Violation ? error.message : String(error instanceof Error ? error.stack : error);
    return {
      tally: world.tally,
      violation: `${world.log.join('\n')}\nVIOLATION of seed ${seed} in ${folder}: ${what}`,
    };
  }
  rmSync(folder, { recursive: true });
  return { tally: world.tally, violation: null };
}
