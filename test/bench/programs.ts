/** Other programs: whether the machine has them, how long they take, and how much memory. */
import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandPath } from '../needs.ts';

const sampleMilliseconds = 20;

const environment = { ...process.env, PATH: commandPath(), LC_ALL: 'C' };

/** Whether a program can be called by its name. */
export function has(program: string): boolean {
  return commandPath()
    .split(':')
    .some((folder) => folder !== '' && isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a program that ended took. */
export interface Usage {
  seconds: number;
  /** The largest resident memory, bytes (VmHWM of proc(5)); looked at until shortly before its end. */
  peakBytes: number;
}

/** Runs a program to its end. Throws where it does not end with 0, with what it said. */
export async function runProgram(program: string, ...words: string[]): Promise<Usage> {
  const started = performance.now();
  const child = spawn(program, words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const keep = (data: Buffer): void => {
    said = (said + data.toString()).slice(-2000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, sampleMilliseconds);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => {
    clearInterval(timer);
  });
  const seconds = (performance.now() - started) / 1000;
  if (exitCode !== 0) throw new Error(`${[program, ...words].join(' ')} ended with ${String(exitCode)}: ${said}`);
  return { seconds, peakBytes };
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
    return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
