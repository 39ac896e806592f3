/**
 * The browser's profile: a folder of its own, which goes when the browser has ended. Its last processes make the folder
 * anew for what they still write, so it is not taken away before they are gone. What a program that was killed left
 * behind, the next one takes away.
 */
import { mkdtempSync } from 'node:fs';
import { readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often, and how many milliseconds apart, it is looked whether they are gone; then the folder goes anyway. */
const looks = 40;
const lookEvery = 50;

const prefix = 'sitepair-window-';

export class Profile {
  /** Named after the process that it is of: `sitepair-window-PID-…`. */
  readonly folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  #group: number | null = null;

  /** To be called once the browser has started: its lock names its process ("HOST-PID"), which leads their group. */
  async inUse(): Promise<void> {
    try {
      const owner = await readlink(join(this.folder, 'SingletonLock'));
      this.#group = Number(/-(\d+)$/.exec(owner)?.[1] ?? Number.NaN) || null;
    } catch {
      // Then it is not waited for.
    }
  }

  /** Never rejects: a profile that is left is of no consequence. */
  async remove(): Promise<void> {
    for (let n = 0; n < looks && this.#isWrittenTo(); n += 1) await sleep(lookEvery);
    try {
      await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch {
      // The system clears its temporary files.
    }
  }

  #isWrittenTo(): boolean {
    if (this.#group === null) return false;
    try {
      return process.kill(-this.#group, 0);
    } catch {
      return false;
    }
  }
}

/** Takes away the profiles of programs that have ended. Never rejects. */
export async function removeAbandonedProfiles(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const owner = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner === undefined || !isGone(Number(owner))) continue;
    // Another user's stays.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isGone(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
