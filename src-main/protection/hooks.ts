/**
 * The operator's commands around a cycle and the one that says whether production is stopped. They run in a shell with
 * the group's facts in their environment; their output is kept short and never holds content of volumes.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SitepairError } from '../contract/errors.ts';
import { cancelledError, type Steering } from '../engine/control.ts';
import type { GroupDefinition } from '../store/record.ts';
import type { Registration } from './registration.ts';

export interface HookResult {
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
export interface HookBounds {
  steering: Steering;
  /** Whether a cancel ends it, or waits a moment and leaves it running, as it may give production its writes back. */
  onCancel: 'end' | 'leave';
  /** After this it is ended; null for no limit. */
  limitMs: number | null;
}

/** The operator's commands in a policy. */
export function commandsOf({ stoppedCheck, beforeCycle, afterCycle }: GroupDefinition['policy']): string[] {
  return [stoppedCheck, beforeCycle, afterCycle].filter((command) => command !== null);
}

/** Whether a command was given or confirmed on this machine; one that came with a store is off. */
export function mayRun(command: string, { confirmedCommands }: Registration): boolean {
  return confirmedCommands.includes(command);
}

const outputLimit = 64 << 10;

function environmentOf(group: GroupDefinition, operation: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  environment['SITEPAIR_GROUP'] = group.name;
  environment['SITEPAIR_OPERATION'] = operation;
  environment['SITEPAIR_PAIRS'] = group.pairs.map((pair) => pair.id).join(' ');
  return environment;
}

/** How long a cancel waits for a command that is then left running; a cancelled run is given up after 5 s. */
const leaveAfterMs = 3000;
/** How long a command may take to end once it was told to (SIGTERM, to its process group); then SIGKILL comes. */
const endWithinMs = 1500;
/** How long output is waited for once the command is gone: a process that it left behind keeps the pipes open. */
const drainMs = 500;

/**
 * Runs a command to its end, or as far as its bounds let it go. Never rejects: a command that cannot start has exit
 * code 127.
 */
export function runHook(
  command: string,
  group: GroupDefinition,
  operation: string,
  { steering, onCancel, limitMs }: HookBounds,
): Promise<HookResult> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      env: environmentOf(group, operation),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const began = Date.now();
    let output = '';
    let complaint = '';
    let cut: HookResult['cut'] = null;
    let cancelled: number | null = null;
    let told: number | null = null;
    child.stdout.on('data', (data: Buffer) => {
      if (output.length < outputLimit) output += data.toString('utf8');
    });
    child.stderr.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString('utf8')).slice(-500);
    });
    const end = (exitCode: number, signal: NodeJS.Signals | null = null): void => {
      clearInterval(watch);
      resolve({ exitCode, signal, output, complaint: complaint.trim().split('\n').at(-1) ?? '', cut });
    };
    const watch = setInterval(() => {
      const now = Date.now();
      if (steering.state === 'cancel') cancelled ??= now;
      if (told !== null) {
        if (now - told < endWithinMs) return;
        signalTo(child.pid, 'SIGKILL');
        end(1);
      } else if (cancelled !== null && onCancel === 'leave') {
        if (now - cancelled < leaveAfterMs) return;
        cut = 'cancelled';
        end(1);
      } else if (cancelled !== null || (limitMs !== null && now - began >= limitMs)) {
        cut = cancelled === null ? 'too long' : 'cancelled';
        told = now;
        signalTo(child.pid, 'SIGTERM');
      }
    }, 100);
    child.once('error', () => {
      end(127);
    });
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      const ended = (): void => end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), signal);
      const drained = setTimeout(ended, drainMs);
      child.once('close', () => {
        clearTimeout(drained);
        ended();
      });
    });
  });
}

/** How a command ended by itself, after "the command". */
export function howItEnded({ exitCode, signal }: HookResult): string {
  return signal === null ? `ended with exit code ${exitCode}` : `was killed by signal ${exitCode - 128} (${signal})`;
}

function signalTo(processGroup: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (processGroup !== undefined) process.kill(-processGroup, signal);
  } catch {
    // It is gone already.
  }
}

/**
 * Snapshots that a hook before a cycle named: lines `PAIR_ID=PATH`. Throws `hook-failed` for a pair that the group has
 * not.
 */
export function snapshotsFrom(output: string, group: GroupDefinition): Map<number, string> {
  const snapshots = new Map<number, string>();
  for (const line of output.split('\n')) {
    const found = /^([^=\s]+)=(\/.*)$/.exec(line.trim());
    if (found === null) continue;
    const pair = group.pairs.find((one) => one.id === found[1]);
    if (pair === undefined) {
      throw new SitepairError({
        code: 'hook-failed',
        message: `The command before the cycle named a snapshot for "${found[1] ?? ''}", which is no pair of ${group.name}.`,
        where: line.trim(),
        remedy: `Let it print PAIR_ID=PATH with one of: ${group.pairs.map((one) => one.id).join(', ')}.`,
      });
    }
    snapshots.set(pair.number, found[2] ?? '');
  }
  return snapshots;
}

/** How long the stopped check may take: it is asked in the middle of a failover. */
const stoppedCheckMs = 60_000;

/**
 * Whether production is stopped, as the group's command says: exit 0 yes, 1 no, anything else unknown. Throws
 * `cancelled`.
 */
export async function productionStopped(
  command: string,
  group: GroupDefinition,
  steering: Steering,
): Promise<{ stopped: boolean | null; said: string }> {
  const bounds: HookBounds = { steering, onCancel: 'end', limitMs: stoppedCheckMs };
  const result = await runHook(command, group, 'stopped-check', bounds);
  const { exitCode, signal, output, complaint, cut } = result;
  if (cut === 'cancelled') throw cancelledError();
  if (cut === 'too long') return { stopped: null, said: `not ended after ${stoppedCheckMs / 1000} s` };
  const said = complaint === '' ? (output.trim().split('\n')[0] ?? '') : complaint;
  if (signal !== null) return { stopped: null, said: `it ${howItEnded(result)}` };
  if (exitCode === 0) return { stopped: true, said };
  return { stopped: exitCode === 1 ? false : null, said: said === '' ? `exit code ${exitCode}` : said };
}
