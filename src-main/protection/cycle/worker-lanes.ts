/**
 * Lanes on worker threads. Each has a few strips at hand so that it never waits for the next one; how far lanes may run
 * ahead of the slowest is bounded. A lane that hangs in a device is abandoned, never waited for: the caller is told.
 */
import { Worker } from 'node:worker_threads';
import { SitepairError } from '../../contract/errors.ts';
import { threadMemory } from '../../thread-memory.ts';
import type { StripOrder, StripResult } from './lane.ts';
import type { FromLane, LaneWorkerData, ToLane } from './lane-messages.ts';
import type { Lanes } from './receive.ts';

/** Strips that a lane has at hand, the one it works on included. */
const depth = 2;

/**
 * Answers wait for those of all strips before, which a lane may take hours for where a device is failing: about what
 * one of them takes, bytes, and what all that wait may take together.
 */
const answerBytes = 2048;
const answerBytesPerChunk = 33;
const mostWaitingBytes = 64 << 20;

function answerOf({ strip }: StripOrder): number {
  return answerBytes + answerBytesPerChunk * strip.chunks;
}

interface LaneThread {
  worker: Worker;
  outstanding: number;
  ended: Promise<void>;
  done: boolean;
}

export class WorkerLanes implements Lanes {
  readonly #threads: LaneThread[] = [];
  readonly #onResult: (result: StripResult) => void;
  /** What the answers to all strips take that were given, bytes; and to those before each one that has none yet. */
  #givenBytes = 0;
  readonly #unanswered = new Map<number, number>();
  #failure: SitepairError | null = null;
  #wake: () => void = () => undefined;

  constructor(setups: readonly LaneWorkerData[], onResult: (result: StripResult) => void) {
    this.#onResult = onResult;
    for (const setup of setups) this.#start(setup);
  }

  async give(order: StripOrder): Promise<void> {
    for (;;) {
      this.#throwFailure();
      const free = this.#threads.reduce((best, thread) => (thread.outstanding < best.outstanding ? thread : best));
      if (free.outstanding < depth && this.#waitingBytes() < mostWaitingBytes) {
        free.outstanding += 1;
        this.#unanswered.set(order.number, this.#givenBytes);
        this.#givenBytes += answerOf(order);
        const { states, digests } = order.known;
        free.worker.postMessage({ kind: 'strip', order } satisfies ToLane, [states.buffer, digests.buffer]);
        return;
      }
      await this.#changed();
    }
  }

  async finish(): Promise<void> {
    while (this.#threads.some((thread) => thread.outstanding > 0)) {
      this.#throwFailure();
      await this.#changed();
    }
    this.#throwFailure();
    for (const thread of this.#threads) thread.worker.postMessage({ kind: 'finish' } satisfies ToLane);
    while (this.#threads.some((thread) => !thread.done)) {
      this.#throwFailure();
      await this.#changed();
    }
    this.#throwFailure();
    await Promise.all(this.#threads.map((thread) => thread.ended));
  }

  /**
   * Asks all lanes to let go and waits up to `milliseconds` for their threads to end. Resolves to whether all did:
   * where not, a device holds a thread, and the lock must be kept until the process is gone.
   */
  async release(milliseconds: number): Promise<boolean> {
    for (const thread of this.#threads) if (!thread.done) thread.worker.postMessage({ kind: 'close' } satisfies ToLane);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, milliseconds);
    });
    const ended = Promise.all(this.#threads.map((thread) => thread.ended)).then(() => true);
    const all = await Promise.race([ended, late]);
    clearTimeout(timer);
    if (!all) for (const thread of this.#threads) thread.worker.unref();
    return all;
  }

  #start(setup: LaneWorkerData): void {
    const worker = new Worker(new URL('./lane-worker.ts', import.meta.url), {
      workerData: setup,
      resourceLimits: threadMemory,
    });
    const thread: LaneThread = {
      worker,
      outstanding: 0,
      done: false,
      ended: new Promise((resolve) => {
        worker.once('exit', () => {
          resolve();
        });
      }),
    };
    worker.on('message', (message: FromLane) => {
      if (message.kind === 'result') {
        thread.outstanding -= 1;
        this.#unanswered.delete(message.result.number);
        this.#onResult(message.result);
      } else if (message.kind === 'done') {
        thread.done = true;
      } else {
        this.#failure ??= new SitepairError(message.error);
      }
      this.#wake();
    });
    worker.once('error', (error: unknown) => {
      this.#failure ??= new SitepairError({
        code: 'internal',
        message: `A worker thread ended unexpectedly (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Go on with: sitepair resume NAME. If it comes again, report it with the diagnostics.',
      });
      thread.done = true;
      this.#wake();
    });
    this.#threads.push(thread);
  }

  /** What answers take at most that wait for another one. */
  #waitingBytes(): number {
    return this.#givenBytes - Math.min(this.#givenBytes, ...this.#unanswered.values());
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}
