/** `runs`: what was done to groups, and one run in full. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { parseCount } from '../quantities.ts';
import { runLines, runListLines } from '../render/runs.ts';
import type { Session } from '../session.ts';

const listOptions = z.strictObject({ last: z.string().default('20') });

/** Adds the commands to `program`. */
export function addRunCommands(program: Command, session: Session): void {
  const runs = program
    .command('runs')
    .helpGroup('Records:')
    .description('List the runs of all groups or of one, newest first.')
    .argument('[name]', 'the group; left out: all groups')
    .option('--last <count>', 'how many of the newest runs to show (default: 20)')
    .action(async (group: string | undefined, raw: unknown) => {
      const limit = parseCount(listOptions.parse(raw).last, '--last', 1, 100_000);
      const report = await session.call('runs.list', { limit, ...(group !== undefined && { group }) });
      session.print(report, (page) => runListLines(page, report.runs));
    });
  withExample(runs, 'sitepair runs erp-db --last 5');
  withExample(
    runs
      .command('show')
      .description('Show one run in full: its steps, figures, accepted checks, and its error.')
      .argument('<id>', 'the id of the run, as runs lists it')
      .action(async (id: string) => {
        const report = await session.call('runs.show', { id });
        session.print(report, (page) => runLines(page, report.run));
      }),
    'sitepair runs show RUN_ID',
  );
}
