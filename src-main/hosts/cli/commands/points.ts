/** `points`: the recovery points of a group, and the end of one. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { acceptHelp, collect, parseAccepted, withExample } from '../command-options.ts';
import { runOperation } from '../operation-run.ts';
import { holdingLines, pointTable, unreadRanges } from '../render/points.ts';
import type { Session } from '../session.ts';

const pointsOptions = z.strictObject({
  drop: z.string().optional(),
  confirm: z.string().optional(),
  accept: z.array(z.string()).optional(),
});

/** Adds the command to `program`. */
export function addPointsCommand(program: Command, session: Session): void {
  withExample(
    program
      .command('points')
      .helpGroup('Records:')
      .description('List the recovery points of a group, newest first, or drop one.')
      .argument('<name>', 'the group')
      .option('--drop <id>', 'the point to drop; what it saved cannot be brought back')
      .option('--confirm <name>', "the group's name, to confirm --drop")
      .option('--accept <check_id>', acceptHelp('drop-point --point ID'), collect)
      .action(async (name: string, raw: unknown) => points(session, name, pointsOptions.parse(raw))),
    'sitepair points erp-db',
    'sitepair points erp-db --drop 1.3 --confirm erp-db',
  );
}

async function points(session: Session, name: string, options: z.infer<typeof pointsOptions>): Promise<void> {
  const { drop, confirm, accept } = options;
  if (drop !== undefined) {
    await runOperation(session, {
      operation: 'drop-point',
      group: name,
      point: drop,
      ...(confirm !== undefined && { confirm }),
      ...(accept !== undefined && { accept: parseAccepted(accept) }),
    });
    return;
  }
  if (confirm !== undefined || accept !== undefined) {
    throw new SitepairError({
      code: 'invalid-input',
      message: 'Listing points needs no confirmation and has no checks.',
      where: confirm === undefined ? '--accept' : '--confirm',
      remedy: 'Give --drop ID with it, or leave it out.',
    });
  }
  const { group } = await session.call('groups.show', { name });
  session.print({ points: group.points }, (page) => {
    const lines = pointTable(page, group);
    return lines.length === 0
      ? [`${group.name} has no recovery points yet.`]
      : [...lines, ...holdingLines(page, group), ...unreadRanges(page, group)];
  });
}
