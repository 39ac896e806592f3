/** Test failovers: make a copy of a point, note what was found in it, and take it away again. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { acceptHelp, collect, parseAccepted, withExample } from '../command-options.ts';
import { runOperation } from '../operation-run.ts';
import { testLine } from '../render/last-test.ts';
import type { Session } from '../session.ts';

const testOptions = z.strictObject({
  dir: z.string(),
  point: z.string().optional(),
  accept: z.array(z.string()).optional(),
});
const cleanUpOptions = z.strictObject({ accept: z.array(z.string()).optional() });
const resultSchema = z.enum(['passed', 'failed']);
const noteOptions = z.strictObject({ note: z.string().default('') });

/** Adds the commands to `program`. */
export function addRehearsalCommands(program: Command, session: Session): void {
  const add = (name: string, description: string): Command =>
    program.command(name).helpGroup('Rehearse:').description(description).argument('<name>', 'the group');
  withExample(
    add(
      'test-failover',
      'Copy a point into a directory, to see what a failover would bring. Replication goes on meanwhile.',
    )
      .requiredOption('--dir <dir>', 'where the copies are made; the directory is made where it is missing')
      .option('--point <id>', 'the recovery point to copy, as points lists them; left out: the newest that is fit')
      .option('--accept <check_id>', acceptHelp('test-failover'), collect)
      .action(async (name: string, raw: unknown) => {
        const { dir, point, accept } = testOptions.parse(raw);
        await runOperation(session, {
          operation: 'test-failover',
          group: name,
          directory: session.path(dir),
          ...(point !== undefined && { point }),
          ...(accept !== undefined && { accept: parseAccepted(accept) }),
        });
      }),
    'sitepair test-failover erp-db --dir /srv/rehearsal',
    'sitepair test-failover erp-db --dir /srv/rehearsal --point 1.17',
  );
  withExample(
    add('test-result', 'Note what you found in the copies of the last test failover.')
      .argument('<result>', 'passed or failed')
      .option('--note <text>', 'what was tried, and what was found')
      .action(async (name: string, word: string, raw: unknown) => noteResult(session, name, word, raw)),
    'sitepair test-result erp-db passed --note "ERP starts, last order is there"',
  );
  withExample(
    add('test-cleanup', 'Remove what test failovers have made, and nothing else. Can be repeated.')
      .option('--accept <check_id>', acceptHelp('test-cleanup'), collect)
      .action(async (name: string, raw: unknown) => {
        const { accept } = cleanUpOptions.parse(raw);
        await runOperation(session, {
          operation: 'test-cleanup',
          group: name,
          ...(accept !== undefined && { accept: parseAccepted(accept) }),
        });
      }),
    'sitepair test-cleanup erp-db',
  );
}

async function noteResult(session: Session, name: string, word: string, raw: unknown): Promise<void> {
  const result = resultSchema.safeParse(word);
  if (!result.success) {
    throw new SitepairError({
      code: 'invalid-input',
      message: `"${word}" is no result of a test failover.`,
      where: 'RESULT',
      remedy: 'Give passed or failed.',
    });
  }
  const { note } = noteOptions.parse(raw);
  const { group } = await session.call('tests.note', { group: name, result: result.data, note });
  session.print({ group }, (page) => [testLine(page, group)]);
}
