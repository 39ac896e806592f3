/** Runs the operator's command that alerts are told to, in a shell, for as long as it may take. */
import { spawn, type ChildProcess } from 'node:child_process';

/** Milliseconds, after which it is ended. */
const patience = 30_000;
const complaintLimit = 500;

/**
 * `facts`: environment variables beside those of this process. Resolves with what went wrong, in words, or null; never
 * rejects. `signal` ends the command.
 */
export function tellCommand(
  command: string,
  facts: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    // A process group of its own, so that all that it started can be ended with it.
    // Where no more files can be opened it has no stderr, which the narrower type of spawn does not say.
    const child: ChildProcess = spawn('/bin/sh', ['-c', command], {
      env: { ...process.env, ...facts },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let complaint = '';
    const close = (failure: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.stderr?.destroy();
      resolve(failure);
    };
    const end = (failure: string): void => {
      killGroup(child.pid);
      close(failure);
    };
    const abort = (): void => end('It was ended, as Sitepair was closed.');
    const timer = setTimeout(() => end(`It had not ended after ${patience / 1000} s, and was ended.`), patience);
    signal.addEventListener('abort', abort);
    child.stderr?.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString('utf8')).slice(-complaintLimit);
    });
    child.once('error', (error) => close(`It could not be started: ${error.message}`));
    child.once('exit', (code, killedBy) => {
      // What it left behind may keep the pipe open: what was said so far is enough.
      setImmediate(() => {
        const how = killedBy === null ? `It ended with exit code ${String(code)}` : `It was killed by ${killedBy}`;
        const said = complaint.trim().split('\n').at(-1) ?? '';
        close(code === 0 ? null : `${how}${said === '' ? '.' : `: ${said}`}`);
      });
    });
  });
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
