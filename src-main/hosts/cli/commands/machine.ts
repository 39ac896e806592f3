/** `volumes` and `audit`: what this machine has, and what was done on it. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../quantities.ts';
import { auditLines, auditVerdictLines, unprotectedLines, volumeLines } from '../render/machine.ts';
import type { Session } from '../session.ts';
import { writeEvidence } from './evidence.ts';

const volumesOptions = z.strictObject({
  dismiss: z.string().optional(),
  reason: z.string().optional(),
  undismiss: z.string().optional(),
});
const auditOptions = z.strictObject({
  verify: z.boolean().optional(),
  export: z.string().optional(),
  last: z.string().default('50'),
});

/** Adds the commands to `program`. */
export function addMachineCommands(program: Command, session: Session): void {
  withExample(
    program
      .command('volumes')
      .helpGroup('This machine:')
      .description(
        'List the block devices and file systems of this machine, and what lies beside protected volumes and is in no group.',
      )
      .option('--dismiss <path>', 'be warned no more of this volume, which is in no group; give --reason with it')
      .option('--reason <text>', 'why it needs no protection; kept with who said so and when')
      .option('--undismiss <path>', 'take that back')
      .action(async (raw: unknown) => volumes(session, volumesOptions.parse(raw))),
    'sitepair volumes',
    'sitepair volumes --dismiss /srv/images/scratch.img --reason "scratch, made anew each night"',
  );
  withExample(
    program
      .command('audit')
      .helpGroup('This machine:')
      .description('Show who did what and when, or verify that no entry was changed, removed or put in another order.')
      .option('--verify', 'verify the chain of entries, and the copies in the stores; exit code 1 where it is broken')
      .option(
        '--export <file>',
        'write the whole log to a new file, which check-audit.py checks without Sitepair; verifies it first',
      )
      .option('--last <count>', 'how many of the newest entries to show (default: 50)')
      .action(async (raw: unknown) => audit(session, auditOptions.parse(raw))),
    'sitepair audit --last 100',
    'sitepair audit --verify',
    'sitepair audit --export audit.jsonl',
  );
}

/** The list; after a dismissal, or after one was taken back, as it is then. */
async function volumes(session: Session, options: z.infer<typeof volumesOptions>): Promise<void> {
  const { dismiss, reason, undismiss } = options;
  if ((dismiss === undefined) !== (reason === undefined) || (dismiss !== undefined && undismiss !== undefined)) {
    throw new SitepairError({
      code: 'invalid-input',
      message:
        dismiss === undefined ? '--reason was given without --dismiss.' : '--dismiss wants a reason, and nothing else.',
      where: dismiss === undefined ? '--reason' : '--dismiss',
      remedy: 'Give --dismiss PATH --reason TEXT, or --undismiss PATH.',
    });
  }
  const changed =
    dismiss !== undefined && reason !== undefined
      ? await session.call('volumes.dismiss', { path: session.path(dismiss), reason })
      : undismiss !== undefined
        ? await session.call('volumes.undismiss', { path: session.path(undismiss) })
        : null;
  if (changed !== null) {
    session.print({ unprotected: changed.volumes }, (page) => unprotectedLines(page, changed));
    return;
  }
  const report = await session.call('volumes.list', {});
  const beside = await session.call('volumes.unprotected', {});
  session.print({ ...report, unprotected: beside.volumes }, (page) => [
    ...volumeLines(page, report.volumes),
    '',
    ...unprotectedLines(page, beside),
  ]);
}

async function audit(session: Session, options: z.infer<typeof auditOptions>): Promise<void> {
  if (options.verify === true) {
    const verdict = await session.call('audit.verify', {});
    if (!verdict.intact) session.exitCode = exitCodes.failed;
    session.print(verdict, (page) => auditVerdictLines(page, verdict));
    return;
  }
  if (options.export !== undefined) {
    await writeEvidence(session, { kind: 'audit' }, options.export);
    return;
  }
  const report = await session.call('audit.list', { limit: parseCount(options.last, '--last', 1, 100_000) });
  session.print(report, (page) => auditLines(page, report.entries));
}
