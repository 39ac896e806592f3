/** One walk from a new group on, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';
import { Sites } from './sites.ts';
import { Soak } from './soak.ts';
import type { Tally } from './tally.ts';
import { Violation, World } from './world.ts';

/** Steps between two homecomings, and how often it comes home. */
export interface Length {
  steps: number;
  rounds: number;
}

export interface Walked {
  tally: Tally;
  /** What must not be, with all that led to it; null where nothing is wrong. The folder is kept then. */
  violation: string | null;
  /** All that happened, line by line. */
  log: readonly string[];
}

/** Walks as `seed` says, with its sites in a new folder of `dir`. */
export async function walk(seed: number, dir: string, length: Length = { steps: 25, rounds: 2 }): Promise<Walked> {
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
      log: world.log,
      violation: `VIOLATION of seed ${seed} in ${folder}: ${what}\nAgain: npm run soak -- --seed ${seed}`,
    };
  }
  rmSync(folder, { recursive: true });
  return { tally: world.tally, log: world.log, violation: null };
}
