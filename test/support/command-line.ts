/** The program as a user starts it: the real command line in a process of its own, with all that it prints. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
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
    const child = spawn(command, args, { cwd: options.cwd ?? root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
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

function wrapped(command: string[], { unprivileged, terminal }: StartOptions): string[] {
  let wrapping = command;
  if (unprivileged === true && process.getuid?.() === 0) {
    wrapping = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', ...wrapping];
  }
  if (terminal !== true) return wrapping;
  const line = wrapping.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['script', '-qec', `stty cols 100 rows 40; exec ${line}`, '/dev/null'];
}
