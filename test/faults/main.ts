/**
 * npm run test:faults [-- --full]: brings every fault of the table about against the real program, and prints the
 * table. `--full` cuts the power at every write, and plays ten times as many histories. Exit code 1 where a row does
 * not hold.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { filesOfRows, tests } from './row-files.ts';

const root = join(tests, '..');
const most = { SITEPAIR_POWER_CUTS: 'all', SITEPAIR_SIM_RUNS: '200000' };
const { status } = spawnSync(join(root, 'scripts/test'), [...filesOfRows().keys()], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, SITEPAIR_ONLY_TESTS: '1', ...(process.argv.includes('--full') ? most : {}) },
});
process.exit(status ?? 1);
