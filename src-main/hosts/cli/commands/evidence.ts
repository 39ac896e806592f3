/** `report`, `history` and `runbook`: pages for people without Sitepair. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { Evidence } from '../../../contract/evidence.ts';
import { formatBytes } from '../../../contract/figures.ts';
import { exitCodes } from '../exit-codes.ts';
import { withExample } from '../command-options.ts';
import { mark } from '../render/page.ts';
import { hang } from '../render/text.ts';
import type { Session } from '../session.ts';

const fileOption = z.strictObject({ out: z.string() });

/** Has it written, and says where to. `file` may be relative. */
export async function writeEvidence(session: Session, of: Evidence, file: string): Promise<void> {
  const written = await session.call('evidence.write', { of, file: session.path(file) });
  const { broken } = written;
  if (broken !== undefined) session.exitCode = exitCodes.failed;
  session.print(written, (page) => [
    `Written to ${written.file} (${formatBytes(written.sizeBytes)}).`,
    ...(broken === undefined
      ? []
      : [mark(page, 'bad', 'The audit log is broken, and the file says so.'), ...hang('  ', broken, page)]),
  ]);
}

/** Adds the commands to `program`. */
export function addEvidenceCommands(program: Command, session: Session): void {
  const add = (
    name: string,
    argument: string,
    what: string,
    description: string,
    of: (id: string) => Evidence,
  ): void => {
    const command = program
      .command(name)
      .helpGroup('Records:')
      .description(description)
      .argument(argument, what)
      .requiredOption('--out <file>', 'the new file, .html or .pdf')
      .action(async (id: string, raw: unknown) => writeEvidence(session, of(id), fileOption.parse(raw).out));
    withExample(command, `sitepair ${name} ${name === 'report' ? 'RUN_ID' : 'erp-db'} --out ${name}.pdf`);
  };
  add(
    'report',
    '<id>',
    'the id of the run, as runs lists it',
    'Write the report of a run: who did what and why, what was checked, how long it took, what was lost.',
    (id) => ({ kind: 'run', id }),
  );
  add(
    'history',
    '<name>',
    'the group',
    'Write how often production of a group was moved, how long each time took, and what was lost.',
    (group) => ({ kind: 'history', group }),
  );
  add(
    'runbook',
    '<name>',
    'the group',
    'Write what to do when a site is lost, with the exact commands, to be printed before it happens.',
    (group) => ({ kind: 'runbook', group }),
  );
}
