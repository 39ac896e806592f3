/** Starts catalog-process.ts, which uses a catalog from another process. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The command that starts catalog-process.ts with these arguments. */
export function commandOf(...args: string[]): string[] {
  return [join(root, 'scripts', 'node24'), fileURLToPath(new URL('./catalog-process.ts', import.meta.url)), ...args];
}

/** Another process at work. */
export interface OtherProcess {
  child: ChildProcess;
  /** Every line that it printed so far: each is something that the catalog acknowledged to it. */
  lines: string[];
  /** Waits until it has printed so many lines; fails where it ends before. */
  printed: (count: number) => Promise<void>;
  /** Waits for its end; gives its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
}

/** Starts a command of catalog-process.ts; it is killed when the test ends. */
export function startOther(...args: string[]): OtherProcess {
  return start(commandOf(...args));
}

/** As `startOther`, the process being traced by strace with these options. */
export function startTraced(options: string[], ...args: string[]): OtherProcess {
  return start(['strace', '-f', '-qq', ...options, ...commandOf(...args)]);
}

function start([program = '', ...rest]: string[]): OtherProcess {
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const lines: string[] = [];
  let wake: () => void = () => undefined;
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    lines.push(line);
    wake();
  });
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')]).then(() => {
    wake();
    return child.exitCode ?? child.signalCode;
  });
  const printed = async (count: number): Promise<void> => {
    while (lines.length < count) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended after ${lines.length} lines`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { child, lines, printed, ended };
}
