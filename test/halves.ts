/**
 * Runs test files in two halves beside each other, each one file after the other, and reports them as one run: loop
 * devices and mounts are the machine's, and what one test sees in use another may have made, so all files that have to
 * do with them are in the same half. The other half makes files and processes only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { clearLeftovers } from './leftovers.ts';

const root = join(import.meta.dirname, '..');
const filesOnly = /^test\/(?:app|catalog|engine|evidence|hosts\/cli|protection|scenarios|soak|store)\//;
/** Words of tests that make devices and mounts, or need something of the machine. */
const machine = /loop|mount|skipUnless|needs[A-Z]|ServedVolume|SeveralGroups/;

function isFilesOnly(file: string): boolean {
  return filesOnly.test(relative(root, file)) && !machine.test(readFileSync(file, 'utf8'));
}

async function vitest(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(join(root, 'scripts/node24'), ['node_modules/vitest/vitest.mjs', 'run', ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** `files`: absolute paths. Gives the exit code of all, once both halves have come to their end and are reported. */
export async function runInHalves(files: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  clearLeftovers();
  const halves = [files.filter((file) => !isFilesOnly(file)), files.filter(isFilesOnly)];
  const reports = mkdtempSync(join(tmpdir(), 'sitepair-tests-'));
  try {
    const codes = await Promise.all(
      halves.map((half, n) => {
        const report = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${join(reports, `${n}.json`)}`];
        return vitest([...half, ...report], environment);
      }),
    );
    return Math.max(...codes, await vitest([`--merge-reports=${reports}`], environment));
  } finally {
    rmSync(reports, { recursive: true });
  }
}
