/**
 * `npm run soak -- [--minutes 1] [--seed N] [--dir DIR] [--tell]`: walks for so long; ends with 1 at the first
 * violation.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { addTally, noTally, tallyWords } from './tally.ts';
import { walk } from './walk.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    dir: { type: 'string', default: tmpdir() },
    /** Tells all that happens in every walk, not only in one with a violation. */
    tell: { type: 'boolean', default: false },
  },
});

const began = Date.now();
const until = began + Number(values.minutes) * 60_000;
let total = noTally;
let violations = 0;
let seed = Number(values.seed);
console.log(`Walking from seed ${seed} on.`);
for (; violations === 0 && Date.now() < until; seed += 1) {
  const { tally, violation, log } = await walk(seed, values.dir);
  total = addTally(total, tally);
  if (values.tell || violation !== null) console.log(log.join('\n'));
  if (violation === null) continue;
  violations += 1;
  console.log(violation);
  process.exitCode = 1;
}
console.log(`${Math.round((Date.now() - began) / 1000)} seconds, ${tallyWords(total)}, ${violations} violations.`);
