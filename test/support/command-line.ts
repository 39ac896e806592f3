/**
 * The program as a user starts it, with all that it prints: the real command line and application, in a process of
 * their own or, where nothing depends on the process, in the test's own, which is faster.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { createApplication } from '../../src-main/app.ts';
import { runCli } from '../../src-main/hosts/cli/cli.ts';
import type { TerminalStream } from '../../src-main/hosts/cli/terminal.ts';
import { commandPath } from '../needs.ts';

const root = join(import.meta.dirname, '../..');
const program = [join(root, 'scripts/node24'), join(root, 'src-main/hosts/cli/main.ts')];

/** What npm, or whoever started the tests, says to programs, and the user of another one would not. */
const ofThisRun = ['INIT_CWD', 'npm_lifecycle_event', 'SITEPAIR_HOME'];

/** How a process ended. `exitCode` is null where a signal ended it. */
export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  /** Where the user stands; left out: in the project's folder. */
  cwd?: string;
  env?: Record<string, string>;
  /**
   * Takes away what lets root pass over missing rights, so that rights count as they do for any user. Needs setpriv
   * (Debian's util-linux) where the tests run as root.
   */
  unprivileged?: boolean;
  /** Gives the program a pseudo terminal of 100 columns (script(1)); then all that it prints comes on stdout. */
  terminal?: boolean;
}

/** A process of the program. It is killed when the test ends, if it still runs. */
export class Program {
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;

  constructor(words: readonly string[], options: StartOptions = {}) {
    const [command = '', ...args] = wrapped([...program, ...words], options);
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: commandPath(), ...options.env };
    for (const name of ofThisRun) if (options.env?.[name] === undefined) env[name] = undefined;
    const child = spawn(command, args, { cwd: options.cwd ?? root, env, stdio: 'pipe' });
    this.#child = child;
    if (options.terminal !== true) child.stdin.end();
    child.stdout.on('data', (data: Buffer) => {
      this.stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      this.stderr += data.toString();
    });
    this.ended = once(child, 'close').then(() => ({
      exitCode: child.exitCode,
      signal: child.signalCode,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Types on its terminal. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits until a condition holds; throws where the process ends before, with what it printed. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`it ended too soon: ${this.stdout}\n${this.stderr}`);
      }
      await sleep(10);
    }
  }
}

/** Runs a command to its end. */
export function sitepair(words: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return new Program(words, options).ended;
}

/** Runs a command to its end in this process; its streams are no terminals. */
export async function sitepairHere(words: readonly string[], cwd: string): Promise<Omit<Ended, 'signal'>> {
  const printed = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): TerminalStream => ({
    isTTY: false,
    columns: Infinity,
    write: (text) => {
      printed[name] += text;
    },
  });
  const exitCode = await runCli(words, {
    application: (home) => createApplication({ home, operator: 'tester', clientName: 'test' }),
    terminal: { stdout: stream('stdout'), stderr: stream('stderr') },
    env: {},
    cwd,
    interrupts: {
      listen: () => () => undefined,
      endAtOnce: () => {
        throw new Error('a run did not end by itself');
      },
    },
  });
  return { exitCode, ...printed };
}

function wrapped(command: string[], { unprivileged, terminal }: StartOptions): string[] {
  let wrapping = command;
  if (unprivileged === true && process.getuid?.() === 0) {
    wrapping = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...wrapping];
  }
  if (terminal !== true) return wrapping;
  const line = wrapping.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['script', '-qec', `stty cols 100 rows 40; exec ${line}`, '/dev/null'];
}
