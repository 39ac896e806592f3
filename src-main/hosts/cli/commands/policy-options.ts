/** The policy of a group as options, shared by `group create` and `group set`. */
import type { Command } from 'commander';
import { z } from 'zod';
import { groupCreateSchema, type GroupCreate } from '../../../contract/groups.ts';
import { onlyGiven } from '../command-options.ts';
import { parseCount, parseDuration, parseRate, parseSize } from '../quantities.ts';

/** The options as commander gives them. */
export const policyOptions = z.object({
  rpo: z.string().optional(),
  keepPoints: z.string().optional(),
  limit: z.string().optional(),
  stoppedCheck: z.string().optional(),
  beforeCycle: z.string().optional(),
  afterCycle: z.string().optional(),
});

/** Declares the options on `command`; defaults are said where leaving an option out means them. */
export function withPolicyOptions(command: Command, said: 'defaults' | 'no defaults'): Command {
  const byDefault = (value: string): string => (said === 'defaults' ? ` (default: ${value})` : '');
  return command
    .option('--rpo <duration>', `target age of the newest point, as in 15m, 2h or 1d${byDefault('15m')}`)
    .option('--keep-points <count>', `how many points are kept, 1 to 1000${byDefault('24')}`)
    .option(
      '--limit <rate>',
      `most bytes per second that are read of each side, as in 200M/s, or none; a cycle then takes as long also where nothing has changed${byDefault('none')}${said === 'defaults' ? '' : '; given alone while a run of the group goes on, it is set for that run'}`,
    )
    .option(
      '--stopped-check <command>',
      'shell command: exits 0 when production is stopped, 1 when it runs; "" for none',
    )
    .option(
      '--before-cycle <command>',
      'shell command before each cycle: quiesce, or name snapshots to read; "" for none',
    )
    .option('--after-cycle <command>', 'shell command after each cycle, whatever became of it; "" for none');
}

/** The policy that the options name; what was left out is absent. Throws `invalid-input`. */
export function policyOf(options: z.infer<typeof policyOptions>, chunkSize?: string): GroupCreate['policy'] {
  return groupCreateSchema.shape.policy.parse(
    onlyGiven({
      rpoSeconds: options.rpo === undefined ? undefined : parseDuration(options.rpo, '--rpo'),
      keepPoints:
        options.keepPoints === undefined ? undefined : parseCount(options.keepPoints, '--keep-points', 1, 1000),
      limitBytesPerSecond: options.limit === undefined ? undefined : parseRate(options.limit, '--limit'),
      chunkSizeBytes: chunkSize === undefined ? undefined : parseSize(chunkSize, '--chunk-size'),
      stoppedCheck: options.stoppedCheck === '' ? null : options.stoppedCheck,
      beforeCycle: options.beforeCycle === '' ? null : options.beforeCycle,
      afterCycle: options.afterCycle === '' ? null : options.afterCycle,
    }),
  );
}
