/**
 * Notices what others change: another process on the same catalog, another installation in a store. Asked by the clock,
 * as neither SQLite nor a network mount tells; while nobody listens, nothing is asked.
 */
import { changeStamp } from '../catalog/change-stamp.ts';
import type { Catalog } from '../catalog/database.ts';
import type { Progress } from '../contract/runs.ts';
import type { SiteThread } from './site-thread.ts';

/** Milliseconds; what is changed elsewhere is to be seen within two seconds, reading it included. */
const lookEvery = 500;

export interface WatchedState {
  catalog: Catalog;
  thread: SiteThread;
  /** The records of all groups. */
  recordFiles: () => string[];
  /** The latest snapshots of runs of other processes. */
  foreignProgress: () => Progress[];
  changed: () => void;
  progress: (progress: Progress) => void;
}

export class StateWatch {
  readonly #watched: WatchedState;
  #timer: NodeJS.Timeout | null = null;
  #last = '';
  #looking = false;

  constructor(watched: WatchedState) {
    this.#watched = watched;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), lookEvery).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#watched.thread.dispose();
  }

  /** A store on a mount that hangs keeps the site thread; the next look waits for it, nobody else does. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const { catalog, thread, recordFiles, foreignProgress, changed, progress } = this.#watched;
      for (const one of foreignProgress()) progress(one);
      const records = await thread.ask('stamp', { files: recordFiles() });
      const now = `${changeStamp(catalog)} ${records}`;
      // The first look counts as a change: something may have changed since the window read, before it was watched.
      if (now !== this.#last) changed();
      this.#last = now;
    } catch {
      // What is out of reach is told by whoever asks for it.
    } finally {
      this.#looking = false;
    }
  }
}
