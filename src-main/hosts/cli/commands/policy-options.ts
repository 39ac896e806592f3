/** The policy of a group as options, shared by `group create` and `group set`. */
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { groupCreateSchema, type GroupCreate } from '../../../contract/groups.ts';
import { collect, onlyGiven } from '../command-options.ts';
import { parseQuietHours } from '../quiet-hours.ts';
import { parseCount, parseDuration, parseRate, parseSize } from '../quantities.ts';

/** The options as commander gives them. */
export const policyOptions = z.object({
  rpo: z.string().optional(),
  keepPoints: z.string().optional(),
  limit: z.string().optional(),
  stoppedCheck: z.string().optional(),
  beforeCycle: z.string().optional(),
  afterCycle: z.string().optional(),
  schedule: z.enum(['on', 'off']).optional(),
  reasonRequired: z.enum(['on', 'off']).optional(),
  quietHours: z.array(z.string()).optional(),
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
    .addOption(
      new Option(
        '--schedule <on|off>',
        `whether cycles are begun by the clock, so that the target holds${byDefault('on')}`,
      ).choices(['on', 'off']),
    )
    .addOption(
      new Option(
        '--reason-required <on|off>',
        `whether failover, commit, reprotect, failback and undo want a --reason${byDefault('off')}`,
      ).choices(['on', 'off']),
    )
    .option(
      '--quiet-hours <hours>',
      'hours in which no cycle begins, or cycles are slower, as in "mon-fri 08:00-18:00 none" or "22:00-06:00 50M/s"; may be repeated; "" for none',
      collect,
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
      scheduled: options.schedule === undefined ? undefined : options.schedule === 'on',
      reasonRequired: options.reasonRequired === undefined ? undefined : options.reasonRequired === 'on',
      quietHours: options.quietHours
        ?.filter((text) => text.trim() !== '')
        .map((text) => parseQuietHours(text, '--quiet-hours')),
      stoppedCheck: options.stoppedCheck === '' ? null : options.stoppedCheck,
      beforeCycle: options.beforeCycle === '' ? null : options.beforeCycle,
      afterCycle: options.afterCycle === '' ? null : options.afterCycle,
    }),
  );
}
