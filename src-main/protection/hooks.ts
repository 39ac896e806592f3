/**
 * The operator's commands around a cycle and the one that says whether production is stopped. They run in a shell with
 * the group's facts in their environment; their output is kept short and never holds content of volumes.
 */
import { SitepairError } from '../contract/errors.ts';
import { cancelledError, type Steering } from '../engine/control.ts';
import type { GroupDefinition } from '../store/record.ts';
import { howItEnded, runCommand, type CommandBounds, type CommandEnd } from './bounded-command.ts';
import type { Registration } from './registration.ts';

/** The operator's commands in a policy. */
export function commandsOf({ stoppedCheck, beforeCycle, afterCycle }: GroupDefinition['policy']): string[] {
  return [stoppedCheck, beforeCycle, afterCycle].filter((command) => command !== null);
}

/** Whether a command was given or confirmed on this machine; one that came with a store is off. */
export function mayRun(command: string, { confirmedCommands }: Registration): boolean {
  return confirmedCommands.includes(command);
}

/** What every command is told in its environment: group, operation and the ids of the pairs. */
export function environmentOf(group: GroupDefinition, operation: string): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  environment['SITEPAIR_GROUP'] = group.name;
  environment['SITEPAIR_OPERATION'] = operation;
  environment['SITEPAIR_PAIRS'] = group.pairs.map((pair) => pair.id).join(' ');
  return environment;
}

/** Runs one of a policy's commands as `runCommand` does. */
export function runHook(
  command: string,
  group: GroupDefinition,
  operation: string,
  bounds: CommandBounds,
): Promise<CommandEnd> {
  return runCommand({ command, environment: environmentOf(group, operation) }, bounds);
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
 * Whether production is stopped, as the group's command says: exit 0 yes, 1 no, anything else unknown. `told`: what
 * its environment says of the site. Throws `cancelled`.
 */
export async function productionStopped(
  command: string,
  group: GroupDefinition,
  steering: Steering,
  told: NodeJS.ProcessEnv = {},
): Promise<{ stopped: boolean | null; said: string }> {
  const bounds: CommandBounds = { steering, onCancel: 'end', limitMs: stoppedCheckMs };
  const environment = { ...environmentOf(group, 'stopped-check'), ...told };
  const result = await runCommand({ command, environment }, bounds);
  const { exitCode, signal, output, complaint, cut } = result;
  if (cut === 'cancelled') throw cancelledError();
  if (cut === 'too long') return { stopped: null, said: `not ended after ${stoppedCheckMs / 1000} s` };
  const said = complaint === '' ? (output.trim().split('\n')[0] ?? '') : complaint;
  if (signal !== null) return { stopped: null, said: `it ${howItEnded(result)}` };
  if (exitCode === 0) return { stopped: true, said };
  return { stopped: exitCode === 1 ? false : null, said: said === '' ? `exit code ${exitCode}` : said };
}
