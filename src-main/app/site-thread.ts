/**
 * A site thread as the main thread sees it: tasks go in, promises come out. One thread a run, and one for all short
 * tasks.
 */
import { Worker } from 'node:worker_threads';
import { SitepairError } from '../contract/errors.ts';
import type { RunNews, TaskAnswer, TaskMap, TaskName } from '../protection/tasks.ts';

interface Waiting {
  resolve: (output: never) => void;
  reject: (error: Error) => void;
  news: (news: RunNews) => void;
}

export class SiteThread {
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** Rejects with a SitepairError. */
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
      this.#waiting.set(id, { resolve, reject, news });
      worker.postMessage({ id, name, input });
    });
  }

  /** Ends the thread where no device holds it; never waits. */
  dispose(): void {
    this.#worker?.unref();
    void this.#worker?.terminate();
    this.#worker = null;
  }

  /** The thread is started when the first task comes, and started anew after one that ended unexpectedly. */
  #start(): Worker {
    const worker = new Worker(new URL('../protection/task-worker.ts', import.meta.url));
    worker.on('message', (message: TaskAnswer) => {
      const waiting = this.#waiting.get(message.id);
      if (waiting === undefined) return;
      if (message.kind === 'news') {
        waiting.news(message.news);
        return;
      }
      this.#waiting.delete(message.id);
      if (this.#waiting.size === 0) worker.unref();
      if (message.kind === 'done') waiting.resolve(message.output as never);
      else waiting.reject(new SitepairError(message.error));
    });
    worker.once('error', (error: unknown) => {
      const failure = new SitepairError(
        {
          code: 'internal',
          message: `A thread of Sitepair ended unexpectedly (${error instanceof Error ? error.message : String(error)}).`,
          remedy: 'Try again; what was complete stays complete.',
        },
        { cause: error },
      );
      for (const waiting of this.#waiting.values()) waiting.reject(failure);
      this.#waiting.clear();
      this.#worker = null;
    });
    this.#worker = worker;
    return worker;
  }
}
