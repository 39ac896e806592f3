/**
 * npm run test:faults [-- --full]: brings every fault of the table about against the real program, and prints the
 * table. `--full` cuts the power at every write, and plays ten times as many histories. Exit code 1 where a row does
 * not hold.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runInHalves } from '../halves.ts';
import { filesOfRows, tests } from './row-files.ts';

const root = join(tests, '..');
const full = { SITEPAIR_POWER_CUTS: 'all', SITEPAIR_SIM_RUNS: '200000' };

spawnSync(join(root, 'scripts/packages'), { stdio: 'inherit' });
process.exitCode = await runInHalves([...filesOfRows().keys()], process.argv.includes('--full') ? full : {});
