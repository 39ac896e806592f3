/**
 * A command of the operator's, run in a shell and in a process group of its own, so that nothing holds a run for ever:
 * neither a command that hangs, nor one that will not end when it is told to, nor what it leaves behind.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Steering } from '../engine/control.ts';

export interface CommandEnd {
  /** 128 and the signal's number where a signal killed it. */
  exitCode: number;
  /** The signal that killed it, where that was not ours. */
  signal: NodeJS.Signals | null;
  /** What it printed, the first 64 KiB. */
  output: string;
  /** Its last line on stderr. */
  complaint: string;
  /** Why it was not waited for to its end; null where it ended by itself. */
  cut: 'cancelled' | 'too long' | null;
}

/** What keeps a command from holding its run for ever. */
export interface CommandBounds {
  steering: Steering;
  /** Whether a cancel ends it, or waits a moment and leaves it running, as it may give production its writes back. */
  onCancel: 'end' | 'leave';
  /** After this it is ended; null for no limit. */
  limitMs: number | null;
}

export interface CommandOrder {
  command: string;
  environment: NodeJS.ProcessEnv;
  /** Left out: where Sitepair was started. */
  directory?: string | undefined;
  /** Hears all that it prints, as it comes. */
  hear?: ((data: Buffer) => void) | undefined;
  /** Is told the number of its process group before the command begins; where this throws, it does not begin. */
  begun?: ((processGroup: number) => void) | undefined;
}

const outputLimit = 64 << 10;

/**
 * Begins the command only when it is told to: one that runs has been noted by whoever is told of its process group, and
 * one whose Sitepair is killed before that never ran.
 */
const onWord = 'read -r go && exec /bin/sh -c "$1" </dev/null';

/** How long a cancel waits for a command that is then left running; a cancelled run is given up after 5 s. */
const leaveAfterMs = 3000;
/** How long a command may take to end once it was told to (SIGTERM, to its process group); then SIGKILL comes. */
const endWithinMs = 1500;
/** How long output is waited for once the command is gone: a process that it left behind keeps the pipes open. */
const drainMs = 500;

/**
 * Runs a command to its end, or as far as its bounds let it go. A command that cannot start has exit code 127. Rejects
 * only with what `begun` throws.
 */
export function runCommand(order: CommandOrder, { steering, onCancel, limitMs }: CommandBounds): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', onWord, 'sh', order.command], {
      env: order.environment,
      ...(order.directory === undefined ? {} : { cwd: order.directory }),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const began = performance.now();
    let output = '';
    let complaint = '';
    let cut: CommandEnd['cut'] = null;
    let cancelled: number | null = null;
    let told: number | null = null;
    child.stdout.on('data', (data: Buffer) => {
      if (output.length < outputLimit) output += data.toString('utf8');
      order.hear?.(data);
    });
    child.stderr.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString('utf8')).slice(-500);
      order.hear?.(data);
    });
    const end = (exitCode: number, signal: NodeJS.Signals | null = null): void => {
      clearInterval(watch);
      resolve({ exitCode, signal, output, complaint: complaint.trim().split('\n').at(-1) ?? '', cut });
    };
    const watch = setInterval(() => {
      const now = performance.now();
      if (steering.state === 'cancel') cancelled ??= now;
      if (told !== null) {
        if (now - told < endWithinMs) return;
        signalGroup(child.pid, 'SIGKILL');
        end(1);
      } else if (cancelled !== null && onCancel === 'leave') {
        if (now - cancelled < leaveAfterMs) return;
        cut = 'cancelled';
        end(1);
      } else if (cancelled !== null || (limitMs !== null && now - began >= limitMs)) {
        cut = cancelled === null ? 'too long' : 'cancelled';
        told = now;
        signalGroup(child.pid, 'SIGTERM');
      }
    }, 100);
    child.stdin.on('error', () => undefined);
    child.once('error', () => {
      end(127);
    });
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      // What it started and left behind in its group was told to end with it.
      if (told !== null) signalGroup(child.pid, 'SIGKILL');
      const ended = (): void => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal);
      const drained = setTimeout(ended, drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        ended();
      });
    });
    try {
      if (child.pid !== undefined) order.begun?.(child.pid);
      child.stdin.end('\n');
    } catch (error) {
      child.stdin.destroy();
      throw error;
    }
  });
}

/** How a command ended by itself, after "the command". */
export function howItEnded({ exitCode, signal }: CommandEnd): string {
  return signal === null ? `ended with exit code ${exitCode}` : `was killed by signal ${exitCode - 128} (${signal})`;
}

/** Sends a signal to all processes of a group, as far as they are still there. */
export function signalGroup(processGroup: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (processGroup !== undefined) process.kill(-processGroup, signal);
  } catch {
    // It is gone already.
  }
}
