/** compare: what both sides of a group changed since the last point that both had. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { siteRoleSchema } from '../../../contract/phases.ts';
import type { OperationRequest } from '../../../contract/runs.ts';
import { withExample } from '../command-options.ts';
import { runOperation } from '../operation-run.ts';
import type { Session } from '../session.ts';

const options = z.strictObject({ salvage: z.string().optional(), site: z.string().optional() });

/** Adds the command to `program`. */
export function addCompareCommand(program: Command, session: Session): void {
  const command = program
    .command('compare')
    .helpGroup('Change sides:')
    .description(
      'Say what changed only there, only here and at both since both sides were the same. Writes to no side.',
    )
    .argument('<name>', 'the group')
    .option('--salvage <file>', 'save the chunks of one side that differ to this new file; see salvage')
    .option('--site <role>', 'with --salvage: primary or recovery, the side whose chunks are saved')
    .action(async (group: string, raw: unknown) => {
      await runOperation(session, requestOf(session, group, options.parse(raw)));
    });
  withExample(
    command,
    'sitepair compare erp-db',
    'sitepair compare erp-db --salvage /mnt/usb/hall-a.salvage --site primary',
  );
}

function requestOf(session: Session, group: string, { salvage, site }: z.infer<typeof options>): OperationRequest {
  if (salvage === undefined && site === undefined) return { operation: 'compare', group };
  const role = siteRoleSchema.safeParse(site);
  if (salvage !== undefined && role.success) {
    return { operation: 'compare', group, salvage: { file: session.path(salvage), site: role.data } };
  }
  throw new SitepairError({
    code: 'invalid-input',
    message:
      salvage === undefined
        ? '--site says whose chunks --salvage saves.'
        : 'Whose chunks are to be saved was not said.',
    where: '--site',
    remedy: 'Give --salvage FILE with --site primary or --site recovery, the side that is not to be kept.',
  });
}
