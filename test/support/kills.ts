/**
 * Commands that are killed with SIGKILL before a chosen write, and the states that they leave, kept to be tried again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../volumes/scratch.ts';
import { RunningCommand } from './installation.ts';
import { killVariable } from './kill-order.ts';
import type { TwoSites } from './two-sites.ts';

const root = join(import.meta.dirname, '..', '..');

/** What counts as a change of a site: all but what only people read. */
export const anything = /\/[ab]\/(?!.*(\.log|\/lock)$)/;
/** The records of the group, in both stores, and in one. */
export const records = /\/store\/[^/]+\/record$/;
export const recoveryRecord = /\/b\/store\/[^/]+\/record$/;

/** Where a command is killed: before the `nth` change, from 1, of files whose paths match. */
export interface KillPlace {
  files: RegExp;
  nth: number;
}

/** Runs a command that is killed at a place; false where it made fewer changes, and so got through. */
export async function killed(
  sites: Pick<TwoSites, 'path' | 'sitepair'>,
  { files, nth }: KillPlace,
  ...words: string[]
): Promise<boolean> {
  const counter = sites.path('changes');
  rmSync(counter, { force: true });
  const env = {
    ...process.env,
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'killing-process.ts')}`,
    [killVariable]: JSON.stringify({ files: files.source, nth, counter }),
  };
  const command = [process.execPath, join(root, 'src-main/hosts/cli/main.ts'), '--json', '--home', sites.sitepair.home];
  const { exitCode, printed } = await new RunningCommand([...command, ...words], env).ended;
  if (exitCode === null) return true;
  if (exitCode === 0) return false;
  throw new Error(`sitepair ${words.join(' ')} was not killed and ended with ${exitCode}: ${printed}`);
}

const parts = ['a', 'b', 'home'];

/** All that the two sites and the catalog hold, put aside, to be brought back as often as wanted. */
export class Checkpoint {
  readonly #sites: TwoSites;
  readonly #kept: string;

  constructor(sites: TwoSites) {
    this.#sites = sites;
    this.#kept = mkdtempSync(sites.path('kept-'));
    run('cp', '-a', '--sparse=always', ...parts.map((part) => sites.path(part)), this.#kept);
  }

  drop(): void {
    rmSync(this.#kept, { recursive: true });
  }

  /** Times of change are new then, so that write marks are not what they were. */
  restore(): void {
    for (const part of parts) rmSync(this.#sites.path(part), { recursive: true });
    run('cp', '-a', '--sparse=always', ...parts.map((part) => join(this.#kept, part)), this.#sites.scratch.dir);
  }
}
