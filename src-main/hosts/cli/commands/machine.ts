/** `volumes` and `audit`: what this machine has, and what was done on it. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../quantities.ts';
import { auditLines, auditVerdictLines, volumeLines } from '../render/machine.ts';
import type { Session } from '../session.ts';
import { writeEvidence } from './evidence.ts';

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
      .description('List the block devices and file systems of this machine, with size, use and who uses them.')
      .action(async () => {
        const report = await session.call('volumes.list', {});
        session.print(report, (page) => volumeLines(page, report.volumes));
      }),
    'sitepair volumes',
  );
  withExample(
    program
      .command('audit')
      .helpGroup('This machine:')
      .description('Show who did what and when, or verify that no entry was changed, removed or put in another order.')
      .option('--verify', 'verify the chain of entries; exit code 1 where it is broken')
      .option('--export <file>', 'write the whole log to a new file, which check-audit.py checks without Sitepair')
      .option('--last <count>', 'how many of the newest entries to show (default: 50)')
      .action(async (raw: unknown) => audit(session, auditOptions.parse(raw))),
    'sitepair audit --last 100',
    'sitepair audit --verify',
    'sitepair audit --export audit.jsonl',
  );
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
