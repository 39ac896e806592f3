/** Asking the system on a thread of its own, bounded in time: a call that stalls keeps that thread and nobody else. */
import { Worker } from 'node:worker_threads';
import type { z } from 'zod';

/** How to start the worker. */
export interface Asking {
  /** The worker's module; it posts one message, its answer. */
  module: URL;
  timeoutMs: number;
  env?: Record<string, string>;
}

/** The worker's answer, or null where it fails, or does not come within the time. */
export function answerOf<T>(schema: z.ZodType<T>, { module, timeoutMs, env }: Asking): Promise<T | null> {
  return new Promise((resolve) => {
    // What commands complain about is of no interest on the user's screen.
    const worker = new Worker(module, { env: env ?? process.env, stdout: true, stderr: true });
    const end = (answer: T | null): void => {
      clearTimeout(timer);
      // A thread that waits for the system cannot be ended, only left alone.
      worker.unref();
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    worker.once('message', (message) => end(schema.safeParse(message).data ?? null));
    worker.once('error', () => end(null));
    worker.once('exit', () => end(null));
  });
}
