/** The worker of silence.ts: asks by processes, and never waits for one that does not come back. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { Asked, Question } from './silence.ts';

/**
 * What their caches answer tells nothing: statfs(2) always asks a server, and fsync(2) a device. To open a device waits
 * for whoever syncs the whole machine, and that waits for what the device was asked to write.
 */
const commands: Readonly<Record<Question, readonly [string, ...string[]]>> = {
  volume: ['stat', '--file-system', '--'],
  store: ['sync', '--'],
  device: ['blockdev', '--getro', '--'],
};

parentPort?.on('message', (asked: Asked) => void answer(asked));

async function answer({ paths, question, patienceMs, words }: Asked): Promise<void> {
  const say = (at: number): void => {
    Atomics.store(words, at, 1);
  };
  // Which of them keeps the others waiting is found by asking each alone.
  if (await within(patienceMs, ended(question, paths))) paths.forEach((_, at) => say(at));
  else await within(patienceMs, Promise.all(paths.map((path, at) => ended(question, [path]).then(() => say(at)))));
  say(paths.length);
  Atomics.notify(words, paths.length);
}

/** Resolves when a process has asked all of the paths; that it was told an error is an answer. */
function ended(question: Question, paths: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const [command, ...options] = commands[question];
    const child = spawn(command, [...options, ...paths], { stdio: 'ignore', detached: true });
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
    child.unref();
  });
}

async function within(milliseconds: number, done: Promise<unknown>): Promise<boolean> {
  return Promise.race([done.then(() => true), sleep(milliseconds, false)]);
}
