/** What starts Electron, with programs in the places of Electron and of the browser; the rest is real. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { Scratch, until } from '../../volumes/scratch.ts';

const launcher = join(import.meta.dirname, '../../../src-main/hosts/launcher/electron.ts');

interface Launched {
  child: ChildProcessWithoutNullStreams;
  scratch: Scratch;
  /** Its exit code and all that it said, once it has ended. */
  ended: Promise<{ exitCode: number | null; said: string }>;
  /** Whether the browser was started. */
  browserRan: () => boolean;
}

/** Starts it on an Electron that does this: a script of the shell, or of Node. */
function launch(context: TestContext, electron: string, interpreter = '/bin/sh'): Launched {
  const scratch = new Scratch(context);
  const program = (name: string, script: string): string => {
    writeFileSync(scratch.path(name), script);
    chmodSync(scratch.path(name), 0o755);
    return scratch.path(name);
  };
  const ran = scratch.path('browser-ran');
  const browser = program('browser', `#!/bin/sh\n: > '${ran}'\nexit 1\n`);
  const child = spawn(process.execPath, [launcher, program('electron', `#!${interpreter}\n${electron}\n`)], {
    env: { ...process.env, SITEPAIR_CHROMIUM: browser, SITEPAIR_HOME: scratch.path('home'), DISPLAY: ':0' },
    cwd: scratch.dir,
    // What it starts is of its group.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, said }));
  scratch.later(async () => {
    try {
      process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    } catch {
      // It is gone, as it should be.
    }
    await ended;
  });
  return { child, scratch, ended, browserRan: () => existsSync(ran) };
}

test.for<[string, string, RegExp]>([
  ['a library is missing', 'echo libnss3.so: cannot open >&2; exit 127', /ended with exit code 127/],
  ['its sandbox is refused', 'kill -TRAP $$', /ended by SIGTRAP/],
  ['it is no program of this machine', '\u007fELF', /./],
])('where %s, one line says so and the browser is asked', async ([, electron, how], context) => {
  const { ended, browserRan } = launch(context, electron);
  const { exitCode, said } = await ended;
  const lines = said.split('\n').filter((line) => line.startsWith('sitepair: '));
  expect(lines).toEqual([
    expect.stringMatching(/^sitepair: the window opens in the Chromium of this machine, as Electron does not start: /),
  ]);
  expect(lines[0]).toMatch(how);
  expect(browserRan()).toBe(true);
  expect([exitCode, said]).toEqual([1, expect.stringContaining('could not open a window')]);
});

test('an Electron that cannot be run at all', async (context) => {
  const { ended, browserRan } = launch(context, '', '/no/such/interpreter');
  expect((await ended).said).toMatch(/as Electron does not start: .*ENOENT/);
  expect(browserRan()).toBe(true);
});

test('one that ends well is the end', async (context) => {
  const { ended, browserRan } = launch(context, 'exit 0');
  expect(await ended).toEqual({ exitCode: 0, said: '' });
  expect(browserRan()).toBe(false);
});

test('one that had shown its window is not replaced, but its end is told', async (context) => {
  const dies = "process.send('started', () => process.kill(process.pid, 'SIGSEGV'));";
  const { ended, browserRan } = launch(context, dies, process.execPath);
  const { exitCode, said } = await ended;
  expect([exitCode, said]).toEqual([1, expect.stringMatching(/^sitepair: Electron is gone: it ended by SIGSEGV\./)]);
  expect(browserRan()).toBe(false);
});

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s is passed on, and ends it', async (signal, context) => {
  const waits = `trap 'echo told > got; exit 0' ${signal.slice(3)}; : > ready; while :; do sleep 0.05; done`;
  const { child, scratch, ended, browserRan } = launch(context, waits);
  await until(() => existsSync(scratch.path('ready')));
  child.kill(signal);
  expect(await ended).toEqual({ exitCode: 0, said: '' });
  expect(readFileSync(scratch.path('got'), 'utf8')).toBe('told\n');
  expect(browserRan()).toBe(false);
});

test('one that a signal ends before its window is there is not replaced', async (context) => {
  const { child, scratch, ended, browserRan } = launch(context, ': > ready; while :; do sleep 0.05; done');
  await until(() => existsSync(scratch.path('ready')));
  child.kill('SIGTERM');
  expect(await ended).toEqual({ exitCode: 1, said: '' });
  expect(browserRan()).toBe(false);
});
