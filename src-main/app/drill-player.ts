/**
 * The drill that a window plays: one at a time, with an application of its own in a folder of its own. It and its
 * folder are gone when it has ended, was cancelled, or the application is closed.
 */
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Application } from '../contract/contract.ts';
import type { DrillOutlook, PlayedDrill } from '../contract/drill.ts';
import { SitepairError } from '../contract/errors.ts';
import { Drill } from '../drill/drill.ts';
import { bytesAtMost, DrillPlace } from '../drill/place.ts';
import type { DrillRemedies } from '../drill/remedies.ts';
import { stepsInAll } from '../drill/story.ts';
import { asReport } from '../protection/errors.ts';

/** Bytes of each volume where nothing else is asked for. */
const usualVolumeBytes = 64 << 20;

const remedies: DrillRemedies = {
  emptyFolder: 'See that the folder for temporary files is there, and start the drill again.',
  writableFolder: 'See that you may write to the folder for temporary files, and start the drill again.',
  moreSpace: 'Make space there, or start Sitepair with TMPDIR set to a folder that has more.',
  brokenProof: 'Start the drill again; if it comes again and nobody else wrote to these volumes, report it.',
  brokenAudit: 'Start the drill again; if it comes again, report it.',
  unexpected: 'Start the drill again; if it comes again, report what it says.',
};

export interface DrillPlayerParts {
  /** Opens an application whose catalog lies in `home`. */
  application: (home: string) => Promise<Application>;
  /** Told whenever the drill is another than before: its moment, a step, its end. */
  changed: (drill: PlayedDrill) => void;
}

interface Playing {
  drill: Drill;
  played: PlayedDrill;
  end: Promise<void>;
}

export class DrillPlayer {
  readonly #parts: DrillPlayerParts;
  #playing: Playing | null = null;
  /** While one is about to begin. */
  #clearing: Promise<void> | null = null;
  #closed = false;

  constructor(parts: DrillPlayerParts) {
    this.#parts = parts;
  }

  /** What a drill would take, and the one that goes on or ended last. What killed ones left takes no space any more. */
  async state(): Promise<{ outlook: DrillOutlook; drill: PlayedDrill | null }> {
    await DrillPlace.removeAbandoned();
    const parent = tmpdir();
    const { bavail, bsize } = await statfs(parent).catch(() => ({ bavail: 0, bsize: 0 }));
    const outlook = {
      parent,
      volumeBytes: usualVolumeBytes,
      bytesAtMost: bytesAtMost(usualVolumeBytes),
      freeBytes: bavail * bsize,
      stepsInAll,
    };
    return { outlook, drill: this.drill };
  }

  /** The one that goes on, or ended last. */
  get drill(): PlayedDrill | null {
    return this.#playing?.played ?? null;
  }

  /**
   * Starts one and does not wait for its end. Rejects with `busy` while one goes on, `cancelled` where this is being
   * closed, and as the making of its folders throws.
   */
  async start(volumeBytes = usualVolumeBytes): Promise<{ id: string; directory: string }> {
    const goesOn = this.#playing !== null && this.#playing.played.state !== 'ended';
    if (goesOn || this.#clearing !== null) throw oneAtATime();
    this.#clearing = DrillPlace.removeAbandoned();
    await this.#clearing;
    this.#clearing = null;
    if (this.#closed) throw closing();
    const id = randomUUID();
    const drill = new Drill({
      volumeBytes,
      keep: false,
      application: this.#parts.application,
      audience: {
        doing: (now) => {
          this.#change({ now });
        },
        ended: () => {
          this.#change({});
        },
      },
      remedies,
    });
    const played: PlayedDrill = { id, state: 'running', report: drill.report, now: null };
    const playing: Playing = { drill, played, end: Promise.resolve() };
    this.#playing = playing;
    playing.end = this.#toItsEnd(drill);
    this.#change({});
    return { id, directory: drill.report.directory };
  }

  /** Asks the drill to stop; one that has ended is left as it is. Throws `run-unknown` where it is another one. */
  cancel(id: string): PlayedDrill {
    const playing = this.#playing;
    if (playing?.played.id !== id) throw unknownDrill(id);
    if (playing.played.state === 'running') {
      playing.drill.cancel();
      this.#change({ state: 'cancelling' });
    }
    return playing.played;
  }

  /** Stops the drill; resolves when what it made is gone. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#clearing;
    this.#playing?.drill.cancel();
    await this.#playing?.end;
  }

  async #toItsEnd(drill: Drill): Promise<void> {
    let error: SitepairError['report'] | undefined;
    try {
      error = (await drill.play())?.report;
    } catch (thrown) {
      drill.report.verdict = 'failed';
      error = asReport(thrown);
    }
    this.#change({ state: 'ended', now: null, ...(error === undefined ? {} : { error }) });
  }

  #change(change: Partial<PlayedDrill>): void {
    if (this.#playing === null) return;
    Object.assign(this.#playing.played, change);
    this.#parts.changed(this.#playing.played);
  }
}

function oneAtATime(): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: 'A drill goes on already.',
    remedy: 'Watch it to its end, or stop it.',
  });
}

function closing(): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: 'Sitepair is being closed.',
    remedy: 'Start it again, and the drill then.',
  });
}

function unknownDrill(id: string): SitepairError {
  return new SitepairError({
    code: 'run-unknown',
    message: `There is no drill ${id} any more.`,
    where: id,
    remedy: 'See on the page of the drill what goes on.',
  });
}
