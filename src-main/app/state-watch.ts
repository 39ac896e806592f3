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
/** Looks; so often groups are looked at again of which a volume was missing, or is to be written for the first time. */
const volumesEvery = 10;
/** Looks; stores that do not answer for as many are news, and what else lies there is then asked for by this clock. */
const silentAfter = 8;

export interface WatchedState {
  catalog: Catalog;
  /** Waits for stores as long as it takes, and for nothing else. */
  thread: SiteThread;
  /** Where the records of all groups lie, and whether there is something to look at again that no record tells. */
  groups: { recordFiles: () => string[]; unsettled: () => boolean };
  /** The latest snapshots of runs of other processes. */
  foreignProgress: () => Progress[];
  changed: () => void;
  progress: (progress: Progress) => void;
}

export class StateWatch {
  readonly #watched: WatchedState;
  #timer: NodeJS.Timeout | null = null;
  /** The first look counts as a change: something may have changed since the window read, before it was watched. */
  #ofCatalog: string | null = null;
  #ofStores: string | null = null;
  /** Looks since the stores were asked; null where they have answered. */
  #asked: number | null = null;
  /** Looks until it is told again that stores answer: whoever asked them meanwhile hears of it a little later. */
  #echo = 0;
  #looks = 0;

  constructor(watched: WatchedState) {
    this.#watched = watched;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#lookAtCatalog();
      this.#lookAtStores();
      this.#lookAtVolumes();
    }, lookEvery).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#watched.thread.dispose();
  }

  #lookAtCatalog(): void {
    const { catalog, foreignProgress, changed, progress } = this.#watched;
    try {
      for (const one of foreignProgress()) progress(one);
      const now = changeStamp(catalog);
      if (now !== this.#ofCatalog) changed();
      this.#ofCatalog = now;
    } catch {
      // What is out of reach is told by whoever asks for it.
    }
  }

  /** Whoever reads the groups then looks at their volumes. */
  #lookAtVolumes(): void {
    this.#looks += 1;
    const { groups, changed } = this.#watched;
    if (this.#looks % volumesEvery === 0 && groups.unsettled()) changed();
  }

  /** A store on a mount that hangs keeps the thread until it answers: no store is asked meanwhile. */
  #lookAtStores(): void {
    if (this.#echo > 0) {
      this.#echo -= 1;
      if (this.#echo === 0) this.#watched.changed();
    }
    if (this.#asked === null) {
      this.#asked = 0;
      void this.#askStores();
      return;
    }
    this.#asked += 1;
    if (this.#asked % silentAfter === 0) this.#watched.changed();
  }

  async #askStores(): Promise<void> {
    const { thread, groups, changed } = this.#watched;
    try {
      const now = await thread.ask('stamp', { files: groups.recordFiles() });
      const wasSilent = this.#asked !== null && this.#asked >= silentAfter;
      if (now !== this.#ofStores || wasSilent) changed();
      if (wasSilent) this.#echo = silentAfter;
      this.#ofStores = now;
    } catch {
      // What is out of reach is told by whoever asks for it.
    } finally {
      this.#asked = null;
    }
  }
}
