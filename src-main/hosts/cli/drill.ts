/**
 * `drill`: a whole disaster on volumes that it makes itself, with an application and a catalog of its own. What it made
 * is removed again, whichever way it ends, unless it is to be kept.
 */
import type { Application } from '../../contract/contract.ts';
import { SitepairError } from '../../contract/errors.ts';
import type { AuditVerdict } from '../../contract/machine.ts';
import { commandLine } from './command-line.ts';
import { DrillPlace } from './drill/place.ts';
import type { DrillReport } from './drill/report.ts';
import { sampleVolumes } from './drill/sample-volumes.ts';
import { groupName, Stage } from './drill/stage.ts';
import { Story } from './drill/story.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { ProgressDisplay } from './progress-display.ts';
import { drillHead, stepLines } from './render/drill-steps.ts';
import { summaryLines } from './render/drill-summary.ts';
import { errorLines } from './render/error.ts';
import { pageFor, type Page } from './render/page.ts';
import { harmless } from './render/text.ts';
import type { TerminalStream } from './terminal.ts';

/** Smaller volumes hold no file system with anything in it. */
const leastBytes = 8 << 20;
/** What both sites take at most, in sizes of a volume: three pairs. */
const volumesInAll = 6;

export interface DrillOptions {
  /** Bytes of each volume. */
  size: number;
  /** Absolute; left out: a new folder among the temporary files. */
  dir?: string;
  keep: boolean;
  json: boolean;
  /** Called between what a step does and its proof: where a test tampers with volumes. */
  beforeProof?: (title: string, place: DrillPlace) => void;
}

/** Plays a drill and resolves to the exit code. Rejects with a SitepairError where it cannot begin. */
export async function runDrill(options: DrillOptions, host: CliHost): Promise<number> {
  assertSize(options.size);
  const place = DrillPlace.make(options.dir, volumesInAll * options.size);
  return new Drill(options, host, place).play();
}

class Drill {
  readonly #options: DrillOptions;
  readonly #host: CliHost;
  readonly #place: DrillPlace;
  readonly #display: ProgressDisplay;
  readonly #stop = new AbortController();
  readonly #report: DrillReport;

  constructor(options: DrillOptions, host: CliHost, place: DrillPlace) {
    this.#options = options;
    this.#host = host;
    this.#place = place;
    this.#display = new ProgressDisplay(host.terminal.stderr, host.env, options.json);
    this.#report = {
      verdict: 'succeeded',
      directory: place.directory,
      kept: options.keep,
      home: place.home,
      volumeBytes: options.size,
      volumes: [],
      steps: [],
      seconds: 0,
      findings: [],
      leftOut: [],
      audit: null,
    };
  }

  async play(): Promise<number> {
    const started = performance.now();
    const unlisten = this.#host.interrupts.listen(() => this.#onSignal());
    try {
      this.#say((page) => drillHead(page, this.#place.directory));
      const error = await this.#played();
      this.#report.seconds = (performance.now() - started) / 1000;
      this.#display.clear();
      if (!this.#options.keep) this.#place.remove();
      this.#tell(error);
    } catch (error) {
      this.#display.clear();
      if (!this.#options.keep) this.#place.remove();
      throw error;
    } finally {
      unlisten();
    }
    return exitCodeOfVerdict[this.#report.verdict];
  }

  /** Plays the story. Resolves to the error that ended it early, or null; rejects where it cannot begin. */
  async #played(): Promise<SitepairError | null> {
    const report = this.#report;
    const application = await this.#host.application(this.#place.home);
    try {
      const stage = new Stage({
        application,
        place: this.#place,
        volumes: sampleVolumes(this.#options.size, (sentence) => report.leftOut.push(sentence)),
        display: this.#display,
        signal: this.#stop.signal,
        tell: (step) => {
          report.steps.push(step);
          this.#say((page) => stepLines(page, step));
        },
        beforeProof: (title) => this.#options.beforeProof?.(title, this.#place),
      });
      const story = new Story(stage, this.#options.size);
      report.volumes = story.volumes;
      report.findings = story.findings;
      await story.play();
      report.audit = await auditTrail(application);
      return null;
    } catch (error) {
      if (!(error instanceof SitepairError)) throw error;
      report.verdict = this.#stop.signal.aborted ? 'cancelled' : 'failed';
      return error;
    } finally {
      await application.close();
    }
  }

  #onSignal(): void {
    const { interrupts } = this.#host;
    if (!this.#stop.signal.aborted) {
      this.#display.say('Stopping; press Ctrl-C again to end at once.');
      this.#stop.abort();
      return;
    }
    this.#display.say(`Ended at once; what the drill made is left in ${this.#place.directory}.`);
    interrupts.endAtOnce(exitCodes.failed);
  }

  /** Prints the summary and the error, or all of it as one JSON object. */
  #tell(error: SitepairError | null): void {
    const { stdout, stderr } = this.#host.terminal;
    if (this.#options.json) {
      const report = { drill: this.#report, ...(error !== null && { error: error.report }) };
      stdout.write(`${JSON.stringify(report)}\n`);
      return;
    }
    const show = commandLine(this.#host.env, ['group', 'show', groupName], this.#place.home);
    this.#say((page) => summaryLines(page, this.#report, show));
    if (error !== null && this.#report.verdict === 'failed') {
      write(stderr, errorLines(pageFor(stderr, this.#host.env), error.report));
    }
  }

  #say(lines: (page: Page) => string[]): void {
    const { stdout } = this.#host.terminal;
    if (!this.#options.json) write(stdout, lines(pageFor(stdout, this.#host.env)));
  }
}

function write(stream: TerminalStream, lines: readonly string[]): void {
  stream.write(lines.map((line) => `${harmless(line)}\n`).join(''));
}

const exitCodeOfVerdict: Readonly<Record<DrillReport['verdict'], number>> = {
  succeeded: exitCodes.done,
  failed: exitCodes.failed,
  // A drill is begun anew, never resumed.
  cancelled: exitCodes.failed,
};

/** Throws `audit-broken` where an entry of the drill does not fit the chain. */
async function auditTrail(application: Application): Promise<AuditVerdict> {
  const verdict = await application.invoke('audit.verify', {});
  if (verdict.intact) return verdict;
  throw new SitepairError({
    code: 'audit-broken',
    message: `The audit trail of the drill is broken: ${verdict.detail}`,
    where: `entry ${verdict.brokenAt ?? 'unknown'}`,
    remedy: 'Run the drill again with --keep, and look at it with audit --verify.',
  });
}

function assertSize(size: number): void {
  if (size >= leastBytes) return;
  throw new SitepairError({
    code: 'invalid-input',
    message: `Volumes of ${size} bytes are too small for a drill.`,
    where: '--size',
    remedy: 'Give at least 8M.',
  });
}
