/** Two short walks in each run of the tests, one of a seed that nobody chose; `npm run soak` walks for hours. */
import { expect, test } from 'vitest';
import { Scratch } from '../volumes/scratch.ts';
import { walk } from './walk.ts';

/** A walk is some thirty commands, one after the other. */
const timeout = 600_000;

for (const seed of [1, Date.now() % 1_000_000]) {
  test(`nothing is lost on the way of seed ${seed}, which ends protected and equal`, { timeout }, async (context) => {
    const { tally, violation, log } = await walk(seed, new Scratch(context).dir, { steps: 12, rounds: 1 });
    expect(violation, log.join('\n')).toBe(null);
    expect(tally.homecomings).toBe(1);
  });
}
