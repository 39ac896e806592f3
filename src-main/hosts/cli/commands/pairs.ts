/** `group add-pair` and `group remove-pair`: the volumes of a group change while it is protected. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import type { PairChange } from '../../../contract/pairs.ts';
import { parsePair } from '../assignments.ts';
import { withExample } from '../command-options.ts';
import { groupLines } from '../render/group.ts';
import { hang } from '../render/text.ts';
import type { Session } from '../session.ts';

const addOptions = z.strictObject({
  id: z.string().optional(),
  overwrite: z.boolean().default(false),
  discard: z.boolean().default(false),
  confirm: z.string().optional(),
});
const removeOptions = z.strictObject({ confirm: z.string().optional() });

/** Adds the commands to `group`. */
export function addPairCommands(group: Command, session: Session): void {
  withExample(
    group
      .command('add-pair')
      .description('Add a pair to a group. The next cycle copies it whole; for the other pairs it is an ordinary one.')
      .argument('<name>', 'the group')
      .argument('<src::dst>', 'the volume where production is, and its replica at the other site, two colons between')
      .option('--id <id>', 'what the pair is called (default: pair-N)')
      .option('--overwrite', 'the target may hold data; it is saved in the undo journal first')
      .option('--discard', 'with --overwrite: what the target holds is not saved, and is lost')
      .option('--confirm <name>', "the group's name, to confirm --overwrite")
      .action(async (name: string, pair: string, raw: unknown) => {
        const { overwrite, discard, id, confirm } = addOptions.parse(raw);
        if (discard && !overwrite) throw discardAlone();
        const { source, target } = parsePair(pair);
        await change(session, {
          change: 'add',
          name,
          source: session.path(source),
          target: session.path(target),
          held: discard ? 'discard' : overwrite ? 'save' : 'refuse',
          ...(id !== undefined && { id }),
          ...(confirm !== undefined && { confirm }),
        });
      }),
    'sitepair group add-pair erp-db /dev/vg0/attachments::/mnt/b/attachments.img',
  );
  withExample(
    group
      .command('remove-pair')
      .description('Take a pair out of a group. Its volumes are left alone, and the other pairs go on as they were.')
      .argument('<name>', 'the group')
      .argument('<pair_id>', 'the pair, as group show lists it')
      .option('--confirm <name>', "the group's name, to confirm that what the points hold of the pair is lost")
      .action(async (name: string, pairId: string, raw: unknown) => {
        const { confirm } = removeOptions.parse(raw);
        await change(session, { change: 'remove', name, pairId, ...(confirm !== undefined && { confirm }) });
      }),
    'sitepair group remove-pair erp-db pair-2 --confirm erp-db',
  );
}

/** Says what the change comes to, as it was before it was made. */
async function change(session: Session, input: PairChange): Promise<void> {
  const { consequences } = await session.call('groups.look-at-pairs', input);
  const { group } = await session.call('groups.change-pairs', input);
  session.print({ group, consequences }, (page) => [
    ...consequences.flatMap((sentence) => hang('', sentence, page)),
    '',
    ...groupLines(page, group),
  ]);
}

function discardAlone(): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: '--discard was given without --overwrite.',
    where: '--discard',
    remedy: 'Give --overwrite with it, or leave it out.',
  });
}
