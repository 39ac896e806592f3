/**
 * Going through the folders and block devices of this machine. A folder may be gone, closed to this user, or on a disk
 * that hangs: the nearest one above that can be read is shown instead, and no look is waited for without end.
 */
import { SitepairError, type ErrorReport } from '../../src-main/contract/errors.ts';
import type { DirectoryListing, VolumeListing } from '../../src-main/contract/machine.ts';
import { invoke, reportOf } from '../state/api.ts';

/** A look that takes longer is given up, seconds. */
const longest = 15;

/** Rejects where `answer` does not come within the time that a look may take. */
function inTime<T>(answer: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = setTimeout(() => {
      const report = {
        code: 'volume-stalled',
        message: `${what} did not answer within ${longest} s.`,
        remedy: 'Look into another folder, or type the path.',
      } as const;
      reject(new SitepairError(report));
    }, longest * 1000);
    void answer.then(resolve, reject).finally(() => {
      clearTimeout(end);
    });
  });
}

/** The folder above; null at the root. */
function above(path: string): string | null {
  const parent = path.replace(/\/+[^/]*\/*$/, '');
  return parent === path ? null : parent === '' ? '/' : parent;
}

export class Browsing {
  /** The folder that is open; null before the first could be read. */
  listing = $state.raw<DirectoryListing | null>(null);
  /** Block devices, where these are shown instead. */
  devices = $state.raw<VolumeListing[] | null>(null);
  failure = $state.raw<ErrorReport | null>(null);
  looking = $state(false);
  #last = 0;

  /** Opens the folder that a path lies in, or the nearest one above that can be read. Never rejects. */
  async begin(path: string): Promise<void> {
    this.listing = null;
    let failure: ErrorReport | null = null;
    const first = path.replace(/\/[^/]*$/, '');
    for (let folder = first === '' ? '/' : first; ; folder = above(folder) ?? '/') {
      const mine = await this.#read(folder);
      if (mine === null) return;
      failure ??= this.failure;
      if (this.failure === null || folder === '/' || this.failure.code === 'volume-stalled') break;
    }
    this.failure = failure;
  }

  /** Opens a folder; where it cannot be read the one before stays open. Never rejects. */
  async look(path: string): Promise<void> {
    await this.#read(path);
  }

  /** Shows the block devices. Never rejects. */
  async lookAtDevices(): Promise<void> {
    await this.#ask(inTime(invoke('volumes.list', {}), 'A device'), ({ volumes }) => {
      this.devices = volumes.filter((volume) => volume.kind === 'block-device');
    });
  }

  #read(path: string): Promise<true | null> {
    this.devices = null;
    return this.#ask(inTime(invoke('files.browse', { path }), path), (listing) => {
      this.listing = listing;
    });
  }

  /** Gives null where something else was asked for meanwhile. */
  async #ask<T>(answer: Promise<T>, show: (found: T) => void): Promise<true | null> {
    this.#last += 1;
    const mine = this.#last;
    this.looking = true;
    try {
      const found = await answer;
      if (mine !== this.#last) return null;
      show(found);
      this.failure = null;
    } catch (error) {
      if (mine !== this.#last) return null;
      this.failure = reportOf(error);
    }
    this.looking = false;
    return true;
  }
}
