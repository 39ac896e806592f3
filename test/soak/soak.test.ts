/** Two walks in each run of the tests, of a seed that nobody chose; `npm run soak` walks for hours. */
import { expect, test } from 'vitest';
import { Scratch } from '../volumes/scratch.ts';
import { walk } from './walk.ts';

/** A walk starts some eighty processes, one after the other. */
const timeout = 600_000;

for (const seed of [1, Date.now() % 1_000_000]) {
  test(`nothing is lost on the way of seed ${seed}, which ends protected and equal`, { timeout }, async (context) => {
    const { tally, violation } = await walk(seed, new Scratch(context).dir);
    expect(violation).toBe(null);
    expect(tally.homecomings).toBe(2);
  });
}
