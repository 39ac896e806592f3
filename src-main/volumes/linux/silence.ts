/**
 * What does not answer: a mount whose server hangs, a device that stalls. A call that waits for such a place can be
 * neither ended nor abandoned by its process, so the places are asked by processes of their own, which can be left
 * behind. Asking blocks the calling thread for a bounded time: it is for worker threads only.
 */
import { Worker } from 'node:worker_threads';
import { threadMemory } from '../../thread-memory.ts';
import { volumeStalled, type VolumeError } from '../volume-error.ts';
import { mountHolding, readMounts } from './mounts.ts';

/**
 * How a place is asked: a volume by what its file system says of itself, a store by flushing its record, a device by
 * opening it.
 */
export type Question = 'volume' | 'store' | 'device';

/** What the worker is handed. */
export interface Asked {
  paths: readonly string[];
  question: Question;
  /** How long all paths together, and then each one alone, may take. */
  patienceMs: number;
  /** One for each path, set to 1 when it has answered, however late; and one more for the end of the waiting. */
  words: Int32Array;
}

/** A disk that has to spin up answers within twice this. */
const patienceMs = 4000;
export const silenceSeconds = (2 * patienceMs) / 1000;

/** Questions without an answer, by `keyOf`, each with the word that will say so: they are not put again meanwhile. */
const waiting = new Map<string, { words: Int32Array; at: number }>();
/** When questions were answered last: one that was so a moment ago is not put again. */
const answered = new Map<string, number>();
const momentMs = 1000;
let asker: Worker | null = null;

function startAsker(): Worker {
  const worker = new Worker(new URL('./silence-worker.ts', import.meta.url), { resourceLimits: threadMemory });
  worker.once('error', () => {
    waiting.clear();
    asker = null;
  });
  worker.unref();
  return worker;
}

function keyOf(path: string, question: Question): string {
  return `${question} ${path}`;
}

function isSilent(key: string): boolean {
  const question = waiting.get(key);
  return question !== undefined && Atomics.load(question.words, question.at) === 0;
}

/** Those of the paths that do not answer. */
export function silentOf(paths: readonly string[], question: Question): string[] {
  const now = performance.now();
  const silent = (path: string): boolean => isSilent(keyOf(path, question));
  const isOld = (path: string): boolean => now - (answered.get(keyOf(path, question)) ?? -Infinity) > momentMs;
  const fresh = paths.filter((path) => !silent(path) && isOld(path));
  if (fresh.length > 0) {
    const words = new Int32Array(new SharedArrayBuffer(4 * (fresh.length + 1)));
    const asked: Asked = { paths: fresh, question, patienceMs, words };
    asker ??= startAsker();
    asker.postMessage(asked);
    Atomics.wait(words, fresh.length, 0, 3 * patienceMs);
    fresh.forEach((path, at) => {
      waiting.set(keyOf(path, question), { words, at });
      if (!silent(path)) answered.set(keyOf(path, question), now);
    });
  }
  return paths.filter(silent);
}

/** What to do about a place that does not answer, as a clause. */
export function withdrawal(path: string): string {
  const mount = path.startsWith('/dev/') ? null : mountHolding(readMounts(), path);
  if (mount === null || mount.mountPoint === '/') return 'detach the device that it lies on';
  return `withdraw its mount: umount --lazy '${mount.mountPoint}'`;
}

/** The error of a volume that does not answer. */
export function stalledError(path: string): VolumeError {
  return volumeStalled(path, silenceSeconds, withdrawal(path));
}
