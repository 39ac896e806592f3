/** compare: what both sides of a group changed since the last point that both had. */
import type { Command } from 'commander';
import { operationRequestSchema } from '../../../contract/runs.ts';
import { withExample } from '../command-options.ts';
import { runOperation } from '../operation-run.ts';
import type { Session } from '../session.ts';

/** Adds the command to `program`. */
export function addCompareCommand(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .helpGroup('Change sides:')
    .description(
      'Say what changed only there, only here and at both since both sides were the same. Writes to no side.',
    )
    .argument('<name>', 'the group')
    .action(async (group: string) => {
      await runOperation(session, operationRequestSchema.parse({ operation: 'compare', group }));
    });
  withExample(command, 'sitepair compare erp-db');
}
