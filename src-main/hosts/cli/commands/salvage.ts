/** salvage: what lies in a file that compare has saved, and putting it onto a copy of a volume. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { appliedLines, salvageLines } from '../render/salvage.ts';
import type { Session } from '../session.ts';

const applyOptions = z.strictObject({ pair: z.string(), to: z.string() });

/** Adds the commands to `program`. */
export function addSalvageCommands(program: Command, session: Session): void {
  const salvage = program
    .command('salvage')
    .helpGroup('Change sides:')
    .description('List what compare --salvage has saved, or put it onto a copy of a volume.');
  withExample(
    salvage
      .command('list')
      .description('Read and verify all of a file, and say what lies in it.')
      .argument('<file>', 'the file that compare has saved')
      .action(async (file: string) => {
        const listing = await session.call('salvage.list', { file: session.path(file) });
        session.print(listing, (page) => salvageLines(page, listing));
      }),
    'sitepair salvage list /mnt/usb/hall-a.salvage',
  );
  withExample(
    salvage
      .command('apply')
      .description(
        'Verify a file, then put the chunks of one pair onto a copy of its volume, which is part of no group.',
      )
      .argument('<file>', 'the file that compare has saved')
      .requiredOption('--pair <id>', 'the pair, as salvage list names it')
      .requiredOption('--to <copy>', 'a copy of the volume, unused and part of no group; it is overwritten')
      .action(async (file: string, raw: unknown) => {
        const { pair, to } = applyOptions.parse(raw);
        const copy = session.path(to);
        const applied = await session.call('salvage.apply', { file: session.path(file), pairId: pair, copy });
        session.print(applied, (page) => appliedLines(page, applied.written, copy));
      }),
    'sitepair salvage apply /mnt/usb/hall-a.salvage --pair pair-1 --to /srv/copy-of-hall-b.img',
  );
}
