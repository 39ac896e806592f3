/** `drill`: a drill on the terminal. Its steps are printed as they end, the one at hand is drawn below them. */
import { SitepairError } from '../../contract/errors.ts';
import type { DrillReport } from '../../contract/drill.ts';
import { Drill } from '../../drill/drill.ts';
import { DrillPlace } from '../../drill/place.ts';
import type { DrillRemedies } from '../../drill/remedies.ts';
import { groupName } from '../../drill/stage.ts';
import { commandLine } from './command-line.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { ProgressDisplay } from './progress-display.ts';
import { drillHead, momentLines, stepLines } from './render/drill-steps.ts';
import { summaryLines } from './render/drill-summary.ts';
import { errorLines } from './render/error.ts';
import { pageFor, type Page } from './render/page.ts';
import { harmless } from './render/text.ts';
import type { TerminalStream } from './terminal.ts';

/** Smaller volumes hold no file system with anything in it. */
const leastBytes = 8 << 20;

const remedies: DrillRemedies = {
  emptyFolder: 'Give an empty folder, or one that is not there yet, with --dir.',
  writableFolder: 'Give a folder that this user may write, with --dir.',
  moreSpace: 'Give a folder with more space (--dir), or smaller volumes (--size).',
  brokenProof: 'Run the drill again with --keep, and look at the volumes; report it if nobody else wrote to them.',
  brokenAudit: 'Run the drill again with --keep, and look at it with audit --verify.',
  unexpected: 'Run the drill again with --keep, and report what it says.',
};

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
  await DrillPlace.removeAbandoned();
  const display = new ProgressDisplay(host.terminal.stderr, host.env, options.json);
  const { stdout } = host.terminal;
  const say = (lines: (page: Page) => string[]): void => {
    if (!options.json) write(stdout, lines(pageFor(stdout, host.env)));
  };
  const drill = new Drill({
    volumeBytes: options.size,
    directory: options.dir,
    keep: options.keep,
    application: (home) => host.application(home),
    audience: {
      doing: (moment) => display.show((page) => momentLines(page, moment)),
      ended: (step) => {
        display.clear();
        say((page) => stepLines(page, step));
      },
    },
    remedies,
    beforeProof: options.beforeProof,
  });
  const unlisten = host.interrupts.listen(() => onSignal(drill, display, host));
  try {
    say((page) => drillHead(page, drill.report.directory));
    const error = await drill.play();
    display.clear();
    tell(drill.report, error, options.json, host);
  } finally {
    display.clear();
    unlisten();
  }
  return exitCodeOfVerdict[drill.report.verdict];
}

function onSignal(drill: Drill, display: ProgressDisplay, { interrupts }: CliHost): void {
  if (!drill.cancelled) {
    display.say('Stopping; press Ctrl-C again to end at once.');
    drill.cancel();
    return;
  }
  display.say(`Ended at once; what the drill made is left in ${drill.report.directory}.`);
  interrupts.endAtOnce(exitCodes.failed);
}

/** Prints the summary and the error, or all of it as one JSON object. */
function tell(report: DrillReport, error: SitepairError | null, json: boolean, host: CliHost): void {
  const { stdout, stderr } = host.terminal;
  if (json) {
    stdout.write(`${JSON.stringify({ drill: report, ...(error !== null && { error: error.report }) })}\n`);
    return;
  }
  const show = commandLine(host.env, ['group', 'show', groupName], report.home);
  write(stdout, summaryLines(pageFor(stdout, host.env), report, show));
  if (error !== null && report.verdict === 'failed') write(stderr, errorLines(pageFor(stderr, host.env), error.report));
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

function assertSize(size: number): void {
  if (size >= leastBytes) return;
  throw new SitepairError({
    code: 'invalid-input',
    message: `Volumes of ${size} bytes are too small for a drill.`,
    where: '--size',
    remedy: 'Give at least 8M.',
  });
}
