/**
 * Carries out one operation: starts the run, draws its progress, hears the signals, and prints the result. The first
 * signal asks the run to cancel; a second one, or a cancel that a stalled device holds up, ends the process at once.
 * Ending so is safe: what is durable at that moment is resumable.
 */
import { SitepairError, type ErrorReport } from '../../contract/errors.ts';
import type { OperationRequest, OperationResult, Progress } from '../../contract/runs.ts';
import { exitCodeOfResult, exitCodes } from './exit-codes.ts';
import { ProgressDisplay } from './progress-display.ts';
import { resultLines } from './render/runs.ts';
import type { Session } from './session.ts';

/** Milliseconds that a cancel may take before the process ends without it: the prompt is back within 5 s. */
const cancelGrace = 4000;

/** Runs `request` to its end, prints what came of it and sets the session's exit code. Rejects with a SitepairError. */
export async function runOperation(session: Session, request: OperationRequest): Promise<void> {
  const result = await new OperationRun(session, request).result();
  session.exitCode = exitCodeOfResult(result);
  session.print(result, (page) => resultLines(page, result));
  if (!session.json && result.run.error !== undefined) session.complain(result.run.error);
}

class OperationRun {
  readonly #session: Session;
  readonly #request: OperationRequest;
  readonly #display: ProgressDisplay;
  #runId: string | null = null;
  #latest: Progress | null = null;
  #signals = 0;
  #grace: NodeJS.Timeout | undefined;

  constructor(session: Session, request: OperationRequest) {
    const { terminal, env } = session.host;
    this.#session = session;
    this.#request = request;
    this.#display = new ProgressDisplay(terminal.stderr, env, session.json);
  }

  async result(): Promise<OperationResult> {
    const application = await this.#session.application();
    const unlisten = this.#session.host.interrupts.listen(() => this.#onSignal());
    const unsubscribe = application.subscribe('run.progress', (progress) => this.#onProgress(progress));
    try {
      const { runId } = await application.invoke('operations.start', this.#request);
      this.#runId = runId;
      if (this.#signals > 0) await this.#cancel(runId);
      return await application.invoke('operations.result', { runId });
    } finally {
      unsubscribe();
      unlisten();
      clearTimeout(this.#grace);
      this.#display.clear();
    }
  }

  #onProgress(progress: Progress): void {
    if (this.#runId !== null && progress.runId !== this.#runId) return;
    this.#latest = progress;
    this.#display.draw(progress);
  }

  #onSignal(): void {
    this.#signals += 1;
    if (this.#signals > 1) {
      this.#endAtOnce('The process was ended at once, as asked.');
      return;
    }
    this.#display.say('Cancelling; press Ctrl-C again to end at once.');
    this.#grace = setTimeout(() => this.#endAtOnce('The run did not answer the cancel within 4 s.'), cancelGrace);
    if (this.#runId !== null) void this.#cancel(this.#runId);
  }

  /** Where the run cannot be cancelled any more, it is waited for; a second signal still ends the process. */
  async #cancel(id: string): Promise<void> {
    try {
      await this.#session.call('runs.cancel', { id });
    } catch (error) {
      clearTimeout(this.#grace);
      const why = error instanceof SitepairError ? error.report.message : 'The run could not be asked to cancel.';
      this.#display.say(`Not cancelled: ${why} Waiting for its end; press Ctrl-C again to end at once.`);
    }
  }

  #endAtOnce(message: string): void {
    this.#display.clear();
    this.#session.printError(this.#endReport(message));
    this.#session.host.interrupts.endAtOnce(exitCodes.resumable);
  }

  #endReport(message: string): ErrorReport {
    const where = this.#whereItHangs();
    return {
      code: 'interrupted',
      message: `${this.#request.operation} of ${this.#request.group} stopped before its end. ${message}`,
      ...(where !== null && { where }),
      remedy: this.#howToGoOn(),
    };
  }

  /** The way of a failover, or of an undo, depends on how far it came. */
  #howToGoOn(): string {
    const words = wordsToGoOn(this.#request);
    // What the system has begun to write it writes to the end, and the process is there until then.
    const held = this.#latest?.stalledVolume === undefined ? '' : 'until the volume answers, the group may stay held; ';
    if (words !== null) return `What is durable stays; ${held}go on with: ${this.#session.commandLine(...words)}`;
    const shown = this.#session.commandLine('group', 'show', this.#request.group);
    return `What is durable stays; ${held}how to go on depends on how far it came, which this says: ${shown}`;
  }

  /** The volume that did not answer when the last snapshot came; where none is known, those that were worked on. */
  #whereItHangs(): string | null {
    if (this.#latest === null) return null;
    if (this.#latest.stalledVolume !== undefined) return this.#latest.stalledVolume;
    const busy = this.#latest.pairs
      .filter((pair) => pair.state === 'running')
      .map((pair) => `${pair.path} (pair ${pair.pairId})`);
    return busy.length === 0 ? `step "${this.#latest.step}"` : busy.join(', ');
  }
}

/** The command that goes on after an end: `resume`, but where that would go the other way; null where it depends. */
function wordsToGoOn(request: OperationRequest): string[] | null {
  const { operation, group, point, confirm, repair, accept = [] } = request;
  const confirmation = confirm === undefined ? [] : ['--confirm', confirm];
  switch (operation) {
    case 'verify':
      return ['verify', group, ...(repair === true ? ['--repair'] : [])];
    case 'compare':
      return ['compare', group];
    case 'commit':
      return ['commit', group, ...confirmation];
    case 'drop-point':
      return ['points', group, '--drop', point ?? '', ...confirmation];
    case 'rollback':
      return ['rollback', group, ...accept.flatMap((check) => ['--accept', check])];
    case 'test-failover':
    case 'test-cleanup':
      return ['test-cleanup', group];
    case 'failover':
    case 'undo':
      return null;
    default:
      return ['resume', group];
  }
}
