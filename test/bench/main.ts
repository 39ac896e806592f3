/**
 * npm run bench: measures the lines of docs/BENCH.md side by side with whichever peers the machine has, and writes them
 * there. Nothing depends on what it finds.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { formatBytes } from '../../src-main/contract/figures.ts';
import type { Line, Row } from './line.ts';
import { coldLine } from './lines/cold.ts';
import { equalLine } from './lines/equal.ts';
import { forecastLine } from './lines/forecast.ts';
import { mainThreadLine } from './lines/main-thread.ts';
import { memoryLine } from './lines/memory.ts';
import { scatteredLine } from './lines/scattered.ts';
import { sparseLine } from './lines/sparse.ts';
import { windowLine } from './lines/window.ts';
import { loadAverage, machineFacts } from './machine.ts';
import { parseOptions, usage, type BenchOptions } from './options.ts';
import { has } from './programs.ts';
import { page, rowLine } from './report.ts';

const lines: readonly Line[] = [
  equalLine,
  coldLine,
  scatteredLine,
  sparseLine,
  memoryLine,
  mainThreadLine,
  windowLine,
  forecastLine,
];
const peers = ['cmp', 'qemu-img', 'rsync', 'blocksync-fast', 'bdsync'];
/** The line that needs most makes this many volumes at once: source, replicas, journals. */
const volumesAtOnce = 8;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function optionsOrExit(): BenchOptions {
  try {
    const options = parseOptions(process.argv.slice(2));
    const unknown = options.only.filter((name) => !lines.some((line) => line.name === name));
    if (unknown.length === 0) return options;
    say(`There is no line ${unknown.join(', ')}; there are ${lines.map((line) => line.name).join(', ')}.`);
  } catch (error) {
    say(error instanceof SitepairError ? `${error.report.where ?? ''}: ${error.report.message}` : String(error));
  }
  say(usage);
  process.exit(2);
}

/** The size that was asked for, or what the free space allows. */
function fittingSize({ dir, sizeBytes }: BenchOptions): number {
  const { bavail, bsize } = statfsSync(dir);
  const most = Math.floor((bavail * bsize) / volumesAtOnce / 2 ** 20) * 2 ** 20;
  if (sizeBytes <= most) return sizeBytes;
  say(`${dir} has room for volumes of ${formatBytes(most)} only, not of ${formatBytes(sizeBytes)}.`);
  return most;
}

async function measureAll(options: BenchOptions, scratch: string, sizeBytes: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const line of lines.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
    say(`== ${line.name}: ${line.title} (load average ${loadAverage()})`);
    const dir = join(scratch, line.name);
    mkdirSync(dir);
    const found = await line.measure({
      dir,
      sizeBytes,
      runs: options.runs,
      say: (text) => {
        say(`   ${text}`);
      },
    });
    rmSync(dir, { recursive: true });
    for (const row of found) say(`   ${rowLine(row)}`);
    rows.push(...found);
  }
  return rows;
}

const options = optionsOrExit();
const loadBefore = loadAverage();
const scratch = mkdtempSync(join(options.dir, 'sitepair-bench-'));
const cleanUp = (): void => {
  rmSync(scratch, { recursive: true, force: true });
};
// Not once: npm passes on a signal that the terminal has sent already.
process.on('SIGINT', () => {
  cleanUp();
  process.exit(130);
});
try {
  const rows = await measureAll(options, scratch, fittingSize(options));
  const facts = machineFacts(options.dir, peers.filter(has));
  const file = join(import.meta.dirname, '..', '..', 'docs', 'BENCH.md');
  if (options.only.length === 0) {
    writeFileSync(file, page(rows, { facts, runs: options.runs, loadBefore, loadAfter: loadAverage() }));
    say(`Written to ${file}.`);
  }
} finally {
  cleanUp();
}
