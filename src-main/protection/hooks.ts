/**
 * The operator's commands around a cycle and the one that says whether production is stopped. They run in a shell with
 * the group's facts in their environment; their output is kept short and never holds content of volumes.
 */
import { spawn } from 'node:child_process';
import { SitepairError } from '../contract/errors.ts';
import type { Steering } from '../engine/control.ts';
import type { GroupDefinition } from '../store/record.ts';
import type { Registration } from './registration.ts';

export interface HookResult {
  exitCode: number;
  /** What it printed, the first 64 KiB. */
  output: string;
  /** Its last line on stderr. */
  complaint: string;
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

/**
 * Runs a command; a cancelled run ends it (its process group gets SIGTERM). Never rejects: a command that cannot start
 * has exit code 127.
 */
export function runHook(
  command: string,
  group: GroupDefinition,
  operation: string,
  steering: Steering | null,
): Promise<HookResult> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], {
      env: environmentOf(group, operation),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (data: Buffer) => {
      if (output.length < outputLimit) output += data.toString('utf8');
    });
    child.stderr.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString('utf8')).slice(-500);
    });
    const watch = setInterval(() => {
      if (steering?.state === 'cancel' && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    }, 200);
    const end = (exitCode: number): void => {
      clearInterval(watch);
      resolve({ exitCode, output, complaint: complaint.trim().split('\n').at(-1) ?? '' });
    };
    child.once('error', () => {
      end(127);
    });
    child.once('close', (code) => {
      end(code ?? 1);
    });
  });
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

/** Whether production is stopped, as the group's command says: exit 0 yes, 1 no, anything else unknown. */
export async function productionStopped(
  command: string,
  group: GroupDefinition,
): Promise<{ stopped: boolean | null; said: string }> {
  const result = await runHook(command, group, 'stopped-check', null);
  const said = result.complaint === '' ? (result.output.trim().split('\n')[0] ?? '') : result.complaint;
  if (result.exitCode === 0) return { stopped: true, said };
  return { stopped: result.exitCode === 1 ? false : null, said: said === '' ? `exit code ${result.exitCode}` : said };
}
