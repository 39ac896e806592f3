/**
 * A drill: a whole disaster on volumes that it makes itself, with an application and a catalog of its own. What it made
 * is removed again, whichever way it ends, unless it is to be kept; where it is killed, the next one removes it.
 */
import type { Application } from '../contract/contract.ts';
import type { DrillReport } from '../contract/drill.ts';
import { SitepairError } from '../contract/errors.ts';
import type { AuditVerdict } from '../contract/machine.ts';
import type { DrillAudience } from './audience.ts';
import { DrillPlace } from './place.ts';
import type { DrillRemedies } from './remedies.ts';
import { sampleVolumes } from './sample-volumes.ts';
import { Stage } from './stage.ts';
import { Story } from './story.ts';

export interface DrillParts {
  /** Bytes of each volume, at least 8 MiB: smaller ones hold no file system with anything in it. */
  volumeBytes: number;
  /** Absolute; left out: a new folder among the temporary files. */
  directory?: string | undefined;
  keep: boolean;
  /** Opens the drill's own application, whose catalog lies in `home`. */
  application: (home: string) => Promise<Application>;
  audience: DrillAudience;
  remedies: DrillRemedies;
  /** Called between what a step does and its proof: where a test tampers with volumes. */
  beforeProof?: ((title: string, place: DrillPlace) => void) | undefined;
}

export class Drill {
  /** Grows with each step; complete when `play` has resolved. */
  readonly report: DrillReport;
  readonly #parts: DrillParts;
  readonly #place: DrillPlace;
  readonly #stop = new AbortController();

  /** Makes the folders. Throws `invalid-input`, `permission-denied`, `no-space`, and leaves nothing behind then. */
  constructor(parts: DrillParts) {
    this.#parts = parts;
    this.#place = DrillPlace.make(parts.directory, parts.volumeBytes, parts.remedies);
    if (!parts.keep && parts.directory === undefined) this.#place.mark();
    this.report = {
      verdict: 'succeeded',
      directory: this.#place.directory,
      kept: parts.keep,
      home: this.#place.home,
      volumeBytes: parts.volumeBytes,
      volumes: [],
      steps: [],
      seconds: 0,
      findings: [],
      leftOut: [],
      audit: null,
    };
  }

  /** Whether it was asked to stop. */
  get cancelled(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Asks it to stop; `play` resolves when it has, and what it made is gone. */
  cancel(): void {
    this.#stop.abort();
  }

  /** Plays it. Resolves to the error that ended it early, or null; rejects where it cannot begin. */
  async play(): Promise<SitepairError | null> {
    const started = performance.now();
    try {
      return await this.#played();
    } finally {
      this.report.seconds = (performance.now() - started) / 1000;
      if (!this.#parts.keep) await this.#place.remove();
    }
  }

  async #played(): Promise<SitepairError | null> {
    const { report } = this;
    const { volumeBytes, audience, remedies } = this.#parts;
    const application = await this.#parts.application(this.#place.home);
    try {
      const stage = new Stage({
        application,
        place: this.#place,
        volumes: sampleVolumes(volumeBytes, (sentence) => report.leftOut.push(sentence)),
        audience: {
          doing: (moment) => {
            audience.doing(moment);
          },
          ended: (step) => {
            report.steps.push(step);
            audience.ended(step);
          },
        },
        remedies,
        signal: this.#stop.signal,
        beforeProof: (title) => this.#parts.beforeProof?.(title, this.#place),
      });
      const story = new Story(stage, volumeBytes);
      report.volumes = story.volumes;
      report.findings = story.findings;
      await story.play();
      report.audit = await auditTrail(application, remedies);
      return null;
    } catch (error) {
      if (!(error instanceof SitepairError)) throw error;
      report.verdict = this.cancelled ? 'cancelled' : 'failed';
      return error;
    } finally {
      await application.close();
    }
  }
}

/** Throws `audit-broken` where an entry of the drill does not fit the chain. */
async function auditTrail(application: Application, remedies: DrillRemedies): Promise<AuditVerdict> {
  const verdict = await application.invoke('audit.verify', {});
  if (verdict.intact) return verdict;
  throw new SitepairError({
    code: 'audit-broken',
    message: `The audit trail of the drill is broken: ${verdict.detail}`,
    where: `entry ${verdict.brokenAt ?? 'unknown'}`,
    remedy: remedies.brokenAudit,
  });
}
