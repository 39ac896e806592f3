/**
 * A site thread as the main thread sees it: tasks go in, promises come out. One thread a run, and one for all short
 * tasks. A thread that a device or a mount holds for longer than anything takes that answers is left behind, and
 * whoever waits for it is told; the next task gets a new one. A run is not watched so: it has a grace time of its own.
 */
import { Worker } from 'node:worker_threads';
import { SitepairError, type ErrorReport } from '../contract/errors.ts';
import type { StepAnswer } from '../contract/plan-run.ts';
import { Steering } from '../engine/control.ts';
import type { RunNews, TaskAnswer, TaskMap, TaskName } from '../protection/tasks.ts';
import { threadMemory } from '../thread-memory.ts';

interface Waiting {
  name: TaskName;
  resolve: (output: never) => void;
  reject: (error: Error) => void;
  news: (news: RunNews) => void;
  /** Of a task that reads for long: whether it goes on. */
  steering: Steering | null;
}

/** Milliseconds; places that do not answer cost a task twice 8 s before it goes on without them. */
const usualPatience = 30_000;
/** How often in that time it is asked whether the thread still takes messages. */
const looks = 6;

export class SiteThread {
  readonly #patienceMs: number | null;
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #watch: NodeJS.Timeout | undefined;
  /** How many looks in a row found that nothing was heard of the thread. */
  #unheard = 0;
  #beats = 0;
  /** Set to 1 for a thread that is left behind: it then begins none of the tasks that wait. */
  #left = new Int32Array(new SharedArrayBuffer(4));

  /** `patienceMs`: null for a thread that may wait for ever. */
  constructor(patienceMs: number | null = usualPatience) {
    this.#patienceMs = patienceMs;
  }

  /** Rejects with a SitepairError; `volume-stalled` where the thread was left behind. */
  ask<K extends TaskName>(
    name: K,
    input: TaskMap[K]['input'],
    news: (news: RunNews) => void = () => undefined,
  ): Promise<TaskMap[K]['output']> {
    const id = this.#next;
    this.#next += 1;
    const worker = this.#worker ?? this.#start();
    worker.ref();
    return new Promise((resolve, reject) => {
      const steering = 'control' in input ? new Steering(input.control) : null;
      this.#waiting.set(id, { name, resolve, reject, news, steering });
      if (this.#patienceMs !== null) this.#watchOver(this.#patienceMs);
      worker.postMessage({ kind: 'task', id, name, input });
    });
  }

  /** Hands an answer to the run that it carries out. */
  answer(answer: StepAnswer): void {
    this.#worker?.postMessage({ kind: 'answer', answer });
  }

  /** Ends the thread where no device holds it; never waits. */
  dispose(): void {
    this.#rest();
    this.#worker?.unref();
    void this.#worker?.terminate();
    this.#worker = null;
  }

  /** The thread is started when the first task comes, and started anew after one that ended unexpectedly. */
  #start(): Worker {
    const left = new Int32Array(new SharedArrayBuffer(4));
    this.#left = left;
    const worker = new Worker(new URL('../protection/task-worker.ts', import.meta.url), {
      workerData: left,
      resourceLimits: threadMemory,
    });
    worker.on('message', (message: TaskAnswer) => {
      if (this.#worker === worker) this.#hear(message);
      // It answers again, after all.
      else void worker.terminate();
    });
    worker.once('error', (error: unknown) => {
      if (this.#worker !== worker) return;
      this.#abandon({
        code: 'internal',
        message: `A thread of Sitepair ended unexpectedly (${error instanceof Error ? error.message : String(error)}).`,
        remedy: 'Try again; what was complete stays complete.',
      });
    });
    this.#worker = worker;
    return worker;
  }

  #hear(message: TaskAnswer): void {
    this.#unheard = 0;
    if (message.kind === 'here') return;
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'news') {
      waiting.news(message.news);
      return;
    }
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#rest();
    if (message.kind === 'done') waiting.resolve(message.output as never);
    else waiting.reject(new SitepairError(message.error));
  }

  #watchOver(patienceMs: number): void {
    this.#watch ??= setInterval(() => {
      this.#look(patienceMs);
    }, patienceMs / looks).unref();
  }

  /** Looks are counted, not time: a main thread that was busy, or a machine that slept, is held against nobody. */
  #look(patienceMs: number): void {
    if ([...this.#waiting.values()].some(({ name }) => name === 'execute')) return;
    const beats = [...this.#waiting.values()].reduce((sum, { steering }) => sum + (steering?.beat ?? 0), 0);
    if (beats !== this.#beats) this.#unheard = 0;
    this.#beats = beats;
    if (this.#unheard < looks) {
      this.#unheard += 1;
      this.#worker?.postMessage({ kind: 'are-you-there' });
      return;
    }
    Atomics.store(this.#left, 0, 1);
    this.#worker?.unref();
    this.#abandon({
      code: 'volume-stalled',
      message: `A store or a volume stopped answering in the middle of a call, and has not answered for ${Math.round(patienceMs / 1000)} s; the call was given up.`,
      remedy: 'Ask again: what does not answer is then named, and not waited for. A change may still have been made.',
    });
  }

  /** Tells all who wait why nothing comes. */
  #abandon(report: ErrorReport): void {
    this.#worker = null;
    this.#rest();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new SitepairError(report));
  }

  /** Nobody waits for the thread. */
  #rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#unheard = 0;
    this.#worker?.unref();
  }
}
