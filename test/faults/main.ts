/**
 * npm run test:faults [-- --full]: brings every fault of the table about against the real program, and prints the
 * table. `--full` cuts the power at every write, and plays ten times as many histories. Exit code 1 where a row does
 * not hold.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { filesOfRows, tests } from './row-files.ts';

const root = join(tests, '..');
const full = { SITEPAIR_POWER_CUTS: 'all', SITEPAIR_SIM_RUNS: '200000' };
/** They make files only, no devices and mounts, which are the machine's: so they can run beside the others. */
const besideOthers = /^(?:store|catalog)\/|^scenarios\/killed-/;

/** Runs vitest to its end and gives its exit code. */
async function vitest(...words: string[]): Promise<number> {
  const child = spawn(join(root, 'scripts/node24'), ['node_modules/vitest/vitest.mjs', 'run', ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...(process.argv.includes('--full') ? full : {}) },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

spawnSync(join(root, 'scripts/packages'), { cwd: root, stdio: 'inherit' });
const reports = mkdtempSync(join(tmpdir(), 'sitepair-faults-'));
try {
  const files = [...filesOfRows().keys()];
  const isBeside = (file: string): boolean => besideOthers.test(relative(tests, file));
  const halves = [files.filter((file) => !isBeside(file)), files.filter(isBeside)];
  const codes = await Promise.all(
    halves.map((half, n) =>
      vitest(...half, '--reporter=default', '--reporter=blob', `--outputFile.blob=${join(reports, `${n}.json`)}`),
    ),
  );
  // The table is of both halves.
  const table = await vitest(`--merge-reports=${reports}`);
  process.exitCode = Math.max(...codes, table);
} finally {
  rmSync(reports, { recursive: true });
}
