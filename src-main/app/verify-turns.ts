/** Verifies several groups, one after the other: each is a run as any other, and the next begins when it has ended. */
import { SitepairError } from '../contract/errors.ts';
import type { OperationRequest, OperationResult } from '../contract/runs.ts';
import type { VerifyQueue, VerifyTurn } from '../contract/verify-queue.ts';
import { asReport } from '../protection/errors.ts';

export interface VerifyTurnsParts {
  /** Starts a run and gives its id. */
  begin: (request: OperationRequest) => Promise<string>;
  /** Waits for the run's end. */
  result: (runId: string) => Promise<OperationResult>;
  /** Asks a run to stop. */
  cancel: (runId: string) => void;
  /** Told whenever the queue is another than before. */
  changed: (queue: VerifyQueue) => void;
}

export class VerifyTurns {
  readonly #parts: VerifyTurnsParts;
  #queue: VerifyQueue | null = null;
  #end: Promise<void> = Promise.resolve();

  constructor(parts: VerifyTurnsParts) {
    this.#parts = parts;
  }

  /** The queue that goes on, or the last one; null where there was none. */
  get queue(): VerifyQueue | null {
    return this.#queue;
  }

  /** Begins with the first of these groups and answers at once. Throws `busy` while another queue goes on. */
  start(groups: readonly string[]): VerifyQueue {
    if (this.#queue !== null && this.#queue.state !== 'ended') throw oneAtATime();
    const turns = groups.map((group): VerifyTurn => {
      return { group, state: 'waiting', runId: null, outcome: null, mismatches: 0 };
    });
    const queue: VerifyQueue = { state: 'running', turns };
    this.#queue = queue;
    this.#end = this.#toItsEnd(queue);
    return queue;
  }

  /** The run at hand is asked to stop, and the groups that still wait are left out. */
  cancel(): VerifyQueue | null {
    const queue = this.#queue;
    if (queue?.state !== 'running') return queue;
    queue.state = 'cancelling';
    for (const turn of queue.turns) if (turn.state === 'waiting') turn.state = 'left-out';
    this.#parts.changed(queue);
    for (const { state, runId } of queue.turns) if (state === 'running' && runId !== null) this.#stop(runId);
    return queue;
  }

  /** Stops the queue and waits for the end of the run at hand. */
  async close(): Promise<void> {
    this.cancel();
    await this.#end;
  }

  #stop(runId: string): void {
    try {
      this.#parts.cancel(runId);
    } catch (error) {
      // It has ended by itself in between.
      if (asReport(error).code !== 'not-allowed') throw error;
    }
  }

  async #toItsEnd(queue: VerifyQueue): Promise<void> {
    for (const turn of queue.turns) {
      if (turn.state !== 'waiting') continue;
      turn.state = 'running';
      this.#parts.changed(queue);
      try {
        await this.#verify(turn, queue);
      } catch (error) {
        turn.error = asReport(error);
      }
      turn.state = 'ended';
      this.#parts.changed(queue);
    }
    queue.state = 'ended';
    this.#parts.changed(queue);
  }

  async #verify(turn: VerifyTurn, queue: VerifyQueue): Promise<void> {
    turn.runId = await this.#parts.begin({ operation: 'verify', group: turn.group });
    // Cancelled while it was being started.
    if (queue.state === 'cancelling') this.#stop(turn.runId);
    this.#parts.changed(queue);
    const { run, mismatches = [] } = await this.#parts.result(turn.runId);
    turn.outcome = run.outcome;
    turn.mismatches = mismatches.length;
    if (run.error !== undefined) turn.error = run.error;
  }
}

function oneAtATime(): SitepairError {
  return new SitepairError({
    code: 'busy',
    message: 'Groups are being verified already.',
    remedy: 'Wait for the last of them, or stop it.',
  });
}
