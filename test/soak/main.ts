/** `npm run soak -- [--minutes 1] [--seed N] [--dir DIR]`: walks for so long; ends with 1 at the first violation. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { walk } from './walk.ts';
import { addTally, noTally } from './world.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    dir: { type: 'string', default: tmpdir() },
  },
});

const until = Date.now() + Number(values.minutes) * 60_000;
let total = noTally;
let seed = Number(values.seed);
console.log(`Walking from seed ${seed} on.`);
for (; Date.now() < until; seed += 1) {
  const { tally, violation } = await walk(seed, values.dir);
  total = addTally(total, tally);
  if (violation === null) continue;
  console.log(violation);
  process.exitCode = 1;
  break;
}
const figures = Object.entries(total).map(([what, count]) => `${count} ${what}`);
console.log(`${figures.join(', ')}; ${process.exitCode === 1 ? 'a violation' : 'no violation'}.`);
