/** The operations on a group, and `check`, which asks what an operation would meet. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { CheckReport } from '../../../contract/checks.ts';
import { SitepairError } from '../../../contract/errors.ts';
import { operationSchema, type Operation } from '../../../contract/phases.ts';
import { operationRequestSchema, type OperationRequest } from '../../../contract/runs.ts';
import { parseReplacement } from '../assignments.ts';
import { saidOfSteps, withStepOptions } from '../step-options.ts';
import { acceptHelp, collect, onlyGiven, parseAccepted, withExample } from '../command-options.ts';
import { exitCodeOfBlocked } from '../exit-codes.ts';
import { runOperation } from '../operation-run.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { checkReportLines } from '../render/checks.ts';
import { readingLines } from '../render/progress.ts';
import type { Session } from '../session.ts';

/** What the commands below may be given, each its share of it. */
const requestOptions = z.strictObject({
  confirm: z.string().optional(),
  point: z.string().optional(),
  overwrite: z.boolean().optional(),
  discard: z.boolean().optional(),
  repair: z.boolean().optional(),
  skipUnreadable: z.boolean().optional(),
  exact: z.boolean().optional(),
  replace: z.array(z.string()).optional(),
  dir: z.string().optional(),
  accept: z.array(z.string()).optional(),
  reason: z.string().optional(),
  skipStep: z.array(z.string()).optional(),
  doneStep: z.array(z.string()).optional(),
  note: z.string().optional(),
});

const help = {
  confirm: "the group's name, to confirm; without it the command only says what would be lost",
  overwrite: 'the targets hold data: compare, and save what is overwritten as a point',
  overwriteNew: 'with --replace: a new volume holds data, which is saved and overwritten',
  discard: 'with --overwrite: do not save what is overwritten',
  skipUnreadable: 'pass over what cannot be read of a failing source: the new point is incomplete; wants --confirm',
  point: 'the recovery point to use, as points lists them',
  replace: 'a new volume for a pair whose old one did not survive, as PAIR_ID=PATH; may be repeated',
  reason: 'why this is done, for the report of the run',
  exact: 'read all to say what is overwritten, instead of a sample',
};

/** Adds the commands to `program`. */
export function addOperationCommands(program: Command, session: Session): void {
  const add = (name: string, group: string, description: string): Command =>
    program.command(name).helpGroup(group).description(description).argument('<name>', 'the group');
  const acts = (command: Command, operation: Operation, ...examples: string[]): void => {
    withStepOptions(command)
      .option('--reason <text>', help.reason)
      .option('--accept <check_id>', acceptHelp(operation), collect)
      .action(async (name: string, raw: unknown) => runOperation(session, requestOf(session, operation, name, raw)));
    withExample(command, ...examples);
  };

  addCheck(
    add('check', 'Groups:', 'Run the checks of an operation without starting it; what may be accepted is said.'),
    session,
  );

  acts(
    add('protect', 'Replicate:', 'Seed the replica: the first copy of every volume, ending with the first point.')
      .option('--overwrite', help.overwrite)
      .option('--discard', help.discard)
      .option('--skip-unreadable', help.skipUnreadable)
      .option('--confirm <name>', help.confirm),
    'protect',
    'sitepair protect erp-db',
    'sitepair protect erp-db --overwrite --confirm erp-db',
  );
  acts(
    add('sync', 'Replicate:', 'Bring the replica to a new point: one cycle, moving only what differs.')
      .option('--skip-unreadable', help.skipUnreadable)
      .option('--confirm <name>', help.confirm),
    'sync',
    'sitepair sync erp-db',
    'sitepair sync erp-db --skip-unreadable --confirm erp-db',
  );
  acts(
    add('resume', 'Replicate:', 'Go on with what was interrupted: a seed, cycle, failover, undo or reprotect.')
      .option('--skip-unreadable', help.skipUnreadable)
      .option('--confirm <name>', help.confirm),
    'resume',
    'sitepair resume erp-db',
  );
  acts(
    add('rollback', 'Replicate:', 'Take back an open cycle: the replica is brought to its newest complete point.'),
    'rollback',
    'sitepair rollback erp-db',
  );
  acts(
    add(
      'verify',
      'Replicate:',
      'Read the replica and hold it against its digests. Exit code 1 where it differs.',
    ).option('--repair', 'mend what differs from the source, where the source still has what the digest says'),
    'verify',
    'sitepair verify erp-db --repair',
  );

  const failover = withStepOptions(
    add('failover', 'Change sides:', 'Move production to the other site; the active side is lost, or --planned.'),
  )
    .option('--planned', 'both sites are alive: last cycle, then change of sides, nothing is lost')
    .option('--point <id>', `${help.point}; left out: the newest that is fit`)
    .option('--confirm <name>', help.confirm)
    .option('--reason <text>', help.reason)
    .option('--accept <check_id>', acceptHelp('failover'), collect)
    .action(async (name: string, raw: unknown) => {
      const { planned, ...rest } = z.looseObject({ planned: z.boolean().optional() }).parse(raw);
      if (planned === true && rest['point'] !== undefined) {
        throw usage('--point', 'A planned failover goes to the newest point.', 'Leave out --point, or --planned.');
      }
      await runOperation(session, requestOf(session, planned === true ? 'planned-failover' : 'failover', name, rest));
    });
  withExample(
    failover,
    'sitepair failover erp-db --planned --confirm erp-db',
    'sitepair failover erp-db --point 1.17 --confirm erp-db',
  );
  acts(
    add(
      'failback',
      'Change sides:',
      'Move production back to the primary site: the planned failover that leads there.',
    ).option('--confirm <name>', help.confirm),
    'failback',
    'sitepair failback erp-db --confirm erp-db',
  );
  acts(
    add('change-point', 'Change sides:', 'Bring the promoted volumes to another point, before commit.')
      .requiredOption('--point <id>', help.point)
      .option('--confirm <name>', help.confirm),
    'change-point',
    'sitepair change-point erp-db --point 1.16 --confirm erp-db',
  );
  acts(
    add('undo', 'Change sides:', 'Take back the last failover or reprotect, as long as it can be.').option(
      '--confirm <name>',
      help.confirm,
    ),
    'undo',
    'sitepair undo erp-db --confirm erp-db',
  );
  acts(
    add('commit', 'Change sides:', 'Accept a failover. Undo and change of point end, and so do the points.').option(
      '--confirm <name>',
      help.confirm,
    ),
    'commit',
    'sitepair commit erp-db --confirm erp-db',
  );
  acts(
    add('reprotect', 'Change sides:', 'After commit: replicate the other way round, moving only what differs.')
      .option('--replace <assignment>', help.replace, collect)
      .option('--overwrite', help.overwriteNew)
      .option('--exact', help.exact)
      .option('--confirm <name>', help.confirm),
    'reprotect',
    'sitepair reprotect erp-db --confirm erp-db',
    'sitepair reprotect erp-db --replace pair-1=/dev/vg1/new --confirm erp-db',
  );
}

function addCheck(check: Command, session: Session): void {
  check
    .requiredOption('--for <operation>', `one of ${operationSchema.options.join(', ')}`)
    .option('--point <id>', help.point)
    .option('--replace <assignment>', help.replace, collect)
    .option('--overwrite', help.overwrite)
    .option('--discard', help.discard)
    .option('--skip-unreadable', help.skipUnreadable)
    .option('--exact', help.exact)
    .option('--dir <dir>', 'where a test failover would make its copies')
    .option('--accept <check_id>', 'look at it as if this check were accepted; may be repeated', collect)
    .action(async (name: string, raw: unknown) => {
      const { for: wanted, ...rest } = z.looseObject({ for: z.string() }).parse(raw);
      const operation = operationSchema.safeParse(wanted);
      if (!operation.success) {
        throw usage('--for', `"${wanted}" is no operation.`, `Give one of ${operationSchema.options.join(', ')}.`);
      }
      if (operation.data === 'drop-point' && rest['point'] === undefined) {
        throw usage(
          '--point',
          'Which point is to be dropped was not said.',
          `See sitepair points ${name} for their ids.`,
        );
      }
      const report = await lookAt(session, requestOf(session, operation.data, name, rest));
      if (report.verdict === 'blocked') session.exitCode = exitCodeOfBlocked(report.checks);
      session.print(report, (page) => checkReportLines(page, report));
    });
  withExample(check, 'sitepair check erp-db --for failover');
}

/** Looks at the checks; where all of the volumes is read, how far that is stands on the terminal. */
async function lookAt(session: Session, request: OperationRequest): Promise<CheckReport> {
  const { terminal, env } = session.host;
  const display = new ProgressDisplay(terminal.stderr, env, session.json);
  const unsubscribe = (await session.application()).subscribe('checks.reading', (reading) => {
    display.show((page) => readingLines(page, reading));
  });
  try {
    return await session.call('checks.run', request);
  } finally {
    unsubscribe();
    display.clear();
  }
}

function requestOf(session: Session, operation: Operation, group: string, raw: unknown): OperationRequest {
  const { dir, skipStep = [], doneStep = [], note, ...options } = requestOptions.parse(raw);
  const directory = dir === undefined ? undefined : session.path(dir);
  if (options.discard === true && options.overwrite !== true) {
    throw usage(
      '--discard',
      '--discard says what becomes of overwritten data.',
      'Give --overwrite with it, or leave it out.',
    );
  }
  const replace = options.replace?.map((text) => {
    const { pairId, path } = parseReplacement(text);
    return { pairId, path: session.path(path) };
  });
  const accept = options.accept === undefined ? undefined : parseAccepted(options.accept);
  const steps = saidOfSteps(skipStep, doneStep, note, options.reason);
  const attended = session.attended ? true : undefined;
  const given = { ...options, operation, group, replace, accept, directory, steps, attended };
  return operationRequestSchema.parse(onlyGiven(given));
}

function usage(where: string, message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where, remedy });
}
