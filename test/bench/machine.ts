/** What the figures were measured on. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { formatBytes } from '../../src-main/contract/figures.ts';
import { commandPath } from '../needs.ts';

/** One phrase each; what cannot be told is said to be unknown. */
export interface MachineFacts {
  processor: string;
  memory: string;
  system: string;
  node: string;
  fileSystem: string;
  programs: string;
  date: string;
}

/** Facts of this machine and of the file system that `dir` lies on. `programs`: those that were found. */
export function machineFacts(dir: string, programs: readonly string[]): MachineFacts {
  return {
    processor: `${os.cpus()[0]?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} cores`,
    memory: formatBytes(os.totalmem()),
    system: `${os.type()} ${os.release()} (${os.arch()})`,
    node: process.version,
    fileSystem: said('findmnt', '--noheadings', '--output', 'FSTYPE,SOURCE', '--target', dir).replace(/\s+/g, ' on '),
    programs: programs
      .map((program) => said(program, '--version').split(/[\n,]/)[0]?.replace(/\s+/g, ' ') ?? '')
      .join('; '),
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
}

/** How many processes want a core, over the last minute: more than there are cores, and figures are noisy. */
export function loadAverage(): string {
  return (os.loadavg()[0] ?? 0).toFixed(1);
}

function said(program: string, ...words: string[]): string {
  try {
    return execFileSync(program, words, {
      encoding: 'utf8',
      env: { ...process.env, PATH: commandPath(), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return program === 'findmnt' ? 'unknown' : program;
  }
}
