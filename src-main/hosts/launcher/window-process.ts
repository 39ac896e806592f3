/** A window's host as a process of its own, which gets the signals that this one gets. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startedWord } from '../started.ts';

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface EndOfWindow {
  /** Null where a signal ended it, or where it could not be run at all. */
  exitCode: number | null;
  /** How it ended, as a clause: "it ended with exit code 127". */
  how: string;
  /** Whether it said that it had got as far as a window. */
  started: boolean;
  /** Whether a signal told it to end. */
  asked: boolean;
}

/** Runs it to its end. Never rejects. */
export async function runWindow(program: string, args: readonly string[]): Promise<EndOfWindow> {
  let started = false;
  let asked = false;
  let child: ChildProcess | null = null;
  const pass = (signal: NodeJS.Signals): void => {
    asked = true;
    child?.kill(signal);
  };
  // Before the host is there: it is not to be left behind by a signal that comes at once.
  for (const signal of passedOn) process.on(signal, pass);
  try {
    child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    child.on('message', (word) => (started ||= word === startedWord));
    await once(child, 'exit');
    const { exitCode, signalCode } = child;
    const how = exitCode === null ? `it ended by ${signalCode ?? 'a signal'}` : `it ended with exit code ${exitCode}`;
    return { exitCode, how, started, asked };
  } catch (error) {
    return { exitCode: null, how: error instanceof Error ? error.message : String(error), started, asked };
  } finally {
    for (const signal of passedOn) process.off(signal, pass);
  }
}
