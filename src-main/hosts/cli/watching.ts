/**
 * At a terminal a command is a process of its own, and the one that the shell waits for only watches it. A process of
 * which a thread waits in the kernel for a device that hangs does not end before the device answers, whatever ends it,
 * and the shell would have its prompt back only then. The watching process ends without it.
 */
import { spawn } from 'node:child_process';
import { isatty } from 'node:tty';

/** Set for a command that is watched. */
export const watchedVariable = 'SITEPAIR_WATCHED';
/** Where such a command tells its exit code, as digits, right before it ends (watched.ts). */
export const endDescriptor = 3;
/** How long a command that has told its end may take to be gone, milliseconds. */
const graceMs = 500;

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Whether a person waits for this process, and nobody watches it yet. */
export function isAtTerminal(): boolean {
  return process.env[watchedVariable] === undefined && [0, 1, 2].some((one) => isatty(one));
}

/**
 * Runs this program with `args` as a process that is watched, and ends this one with it, or once it has told its exit
 * code. Resolves only where no process could be made.
 */
export async function watchCommand(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, [watchedVariable]: `${process.pid}` },
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  // A key press reaches both at once; the command takes two of one press for one.
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of passedOn) process.on(signal, pass);
  child.stdio[endDescriptor]
    ?.on('error', () => undefined)
    .on('data', (code: Buffer) => {
      setTimeout(() => process.exit(Number(code.toString())), graceMs);
    });
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', (code, signal) => {
      if (code !== null) process.exit(code);
      for (const one of passedOn) process.off(one, pass);
      process.kill(process.pid, signal ?? 'SIGKILL');
    });
  });
  for (const signal of passedOn) process.off(signal, pass);
}
