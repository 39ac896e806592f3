/**
 * Commands that are killed at a chosen system call, as by a crash of the process (FAULTS: SIGKILL at the Nth write).
 */
import { join } from 'node:path';
import { run } from '../volumes/scratch.ts';
import type { TwoSites } from './two-sites.ts';

/** Where a command is killed: when one of its threads enters this call for the `nth` time on one of the files. */
export interface KillPlace {
  files: readonly string[];
  call: 'pwrite64' | 'fdatasync' | 'unlink' | 'fallocate';
  nth: number;
}

/** What a test that kills needs of the machine. */
export const needsOfKilling = { commands: ['strace'] } as const;

/** Runs a command that is killed at a place; false where it ended by itself before, which then has succeeded. */
export async function killed(sites: TwoSites, { files, call, nth }: KillPlace, ...words: string[]): Promise<boolean> {
  const paths = files.flatMap((file) => ['-P', file]);
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
  const { exitCode, printed } = await sites.sitepair.startTraced([...paths, ...inject], ...words).ended;
  if (exitCode === null || exitCode > 128) return true;
  if (exitCode !== 0)
    throw new Error(`sitepair ${words.join(' ')} was not killed and ended with ${exitCode}: ${printed}`);
  return false;
}

/** The record of the group in each store, the primary site's first. */
export function recordsOf(sites: TwoSites): [primary: string, recovery: string] {
  return [join(sites.folder(sites.primaryStore), 'record'), join(sites.folder(sites.recoveryStore), 'record')];
}

/** All that the two sites and the catalog hold, put aside, to be brought back as often as wanted. */
export class Checkpoint {
  readonly #sites: TwoSites;
  readonly #kept: string;

  constructor(sites: TwoSites, name: string) {
    this.#sites = sites;
    this.#kept = sites.path(`kept-${name}`);
    run('mkdir', this.#kept);
    for (const part of ['a', 'b', 'home']) this.#copy(sites.path(part), join(this.#kept, part));
  }

  drop(): void {
    run('rm', '-rf', this.#kept);
  }

  restore(): void {
    for (const part of ['a', 'b', 'home']) {
      run('rm', '-rf', this.#sites.path(part));
      this.#copy(join(this.#kept, part), this.#sites.path(part));
    }
  }

  #copy(from: string, to: string): void {
    run('cp', '-a', '--sparse=always', from, to);
  }
}
