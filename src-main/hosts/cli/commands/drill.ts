/** `drill`: the wiring of the whole story on sample volumes, which is loaded only when it is asked for. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { parseSize } from '../quantities.ts';
import type { Session } from '../session.ts';

const drillOptions = z.strictObject({
  dir: z.string().optional(),
  size: z.string().default('64M'),
  keep: z.boolean().optional(),
});

/** Adds the command to `program`. */
export function addDrillCommand(program: Command, session: Session): void {
  withExample(
    program
      .command('drill')
      .helpGroup('This machine:')
      .description(
        'Go through a whole disaster on sample volumes: seed, cycle, failover, reprotect and failback, each step ' +
          'proved by digests. It makes two sites on local disk and touches nothing else.',
      )
      .option('--dir <dir>', 'where to make the two sites; left out: a new folder for temporary files')
      .option('--size <size>', 'size of each sample volume, bytes with a binary unit (default: 64M)')
      .option('--keep', 'leave the sites and their volumes in place at the end')
      .action(async (raw: unknown) => {
        const { dir, size, keep } = drillOptions.parse(raw);
        const options = {
          size: parseSize(size, '--size'),
          keep: keep === true,
          json: session.json,
          ...(dir !== undefined && { dir: session.path(dir) }),
        };
        const { runDrill } = await import('../drill.ts');
        session.exitCode = await runDrill(options, session.host);
      }),
    'sitepair drill',
    'sitepair drill --dir /srv/drill --size 1G --keep',
  );
}
