import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { skipUnless } from '../needs.ts';
import { run } from './scratch.ts';

/** Niceness of a thread of this process (proc(5), field 19). */
function niceness(thread: string): number {
  const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}

test('a thread can let everybody else go first, and the others of its process stay as they are', async (context) => {
  skipUnless(context, { commands: ['ionice'] });
  const own = basename(readlinkSync('/proc/thread-self'));
  const before = niceness(own);
  const code = `
    const { lowerPriority } = await import(${JSON.stringify(new URL('../../src-main/volumes/thread-priority.ts', import.meta.url).href)});
    lowerPriority();
    const { readlinkSync } = await import('node:fs');
    const { parentPort } = await import('node:worker_threads');
    parentPort.postMessage(readlinkSync('/proc/thread-self'));
    setInterval(() => undefined, 1000);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  context.onTestFinished(async () => {
    await worker.terminate();
  });
  const [place] = (await once(worker, 'message')) as [string];
  const thread = basename(place);
  expect(run('ionice', '-p', thread)).toBe('best-effort: prio 7');
  expect(niceness(thread)).toBe(5);
  expect(niceness(own)).toBe(before);
  expect(run('ionice', '-p', own)).not.toBe('best-effort: prio 7');
});
