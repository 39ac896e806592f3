/**
 * The command line: words in, exit code out. It parses with commander, calls the application, and turns every error
 * into the exit code of its class and the lines, or the JSON object, that say what happened and what to do.
 */
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { SitepairError, type ErrorReport } from '../../contract/errors.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDrillCommand } from './commands/drill.ts';
import { addFailoverPlanCommands } from './commands/failover-plans.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addEvidenceCommands } from './commands/evidence.ts';
import { addGroupCommands } from './commands/groups.ts';
import { addMachineCommands } from './commands/machine.ts';
import { addOperationCommands } from './commands/operations.ts';
import { addPlanCommands } from './commands/plans.ts';
import { addPointsCommand } from './commands/points.ts';
import { addRehearsalCommands } from './commands/rehearsal.ts';
import { addReadinessCommand } from './commands/readiness.ts';
import { addRunCommands } from './commands/runs.ts';
import { addSalvageCommands } from './commands/salvage.ts';
import { addServiceCommands } from './commands/service.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliHost } from './host.ts';
import { Session } from './session.ts';

const globalOptions = z.object({ json: z.boolean().default(false), home: z.string().optional() });

const exitCodeHelp = `
Exit codes:
  0  done; warnings are printed
  1  failed; also a verify that found differences and a broken audit trail
  2  wrong usage, a missing or wrong confirmation included
  3  blocked by a check
  4  busy: another process holds the group
  5  cancelled, interrupted or failed with something to resume

Every command explains itself: sitepair COMMAND --help`;

/**
 * Carries out the command that `argv` (without program and script) names, and returns its exit code. Never rejects. The
 * application is opened only where the command needs it, and closed again.
 */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  const program = new Command('sitepair');
  // Before the command line has been parsed, an error is told in the way that its words ask for.
  const session = new Session(host, () => ({
    ...globalOptions.parse(program.opts()),
    ...(argv.includes('--json') && { json: true }),
  }));
  let help = '';
  configure(program, host, (text) => {
    help += text;
  });
  addGroupCommands(program, session);
  addOperationCommands(program, session);
  addCompareCommand(program, session);
  addSalvageCommands(program, session);
  addRehearsalCommands(program, session);
  addPlanCommands(program, session);
  addFailoverPlanCommands(program, session);
  addForecastCommand(program, session);
  addReadinessCommand(program, session);
  addPointsCommand(program, session);
  addRunCommands(program, session);
  addEvidenceCommands(program, session);
  addServiceCommands(program, session);
  addMachineCommands(program, session);
  addDrillCommand(program, session);

  const failure = await ended(async () => {
    await program.parseAsync(argv, { from: 'user' });
  });
  if (failure instanceof CommanderError && failure.exitCode === 0) {
    session.print({ help }, () => help.trimEnd().split('\n'));
  } else if (failure !== null) {
    fail(session, failure instanceof CommanderError ? usageError(session, program, argv, failure) : failure);
  }
  const closing = await ended(() => session.close());
  if (closing !== null && failure === null) fail(session, closing);
  return session.exitCode;
}

function configure(program: Command, host: CliHost, writeHelp: (text: string) => void): void {
  const { stdout } = host.terminal;
  program
    .description('Keeps replicas of volumes at a second site, and moves production there and back.')
    .option('--home <dir>', 'where the catalog lies (default: SITEPAIR_HOME, else ~/.local/share/sitepair)')
    .option('--json', 'print one JSON object on stdout and nothing else there')
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      // What commander says of errors is told by usageError instead.
      writeErr: () => undefined,
      getOutHelpWidth: () => (stdout.isTTY ? stdout.columns : 100),
      getOutHasColors: () => false,
    })
    .configureHelp({
      showGlobalOptions: true,
      optionDescription: ({ description, mandatory }) => (mandatory ? `${description} (required)` : description),
    })
    .addHelpText('after', exitCodeHelp);
}

/** What `work` was ended by, or null where it ended well. */
async function ended(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return null;
  } catch (error) {
    return error ?? new Error('an empty error');
  }
}

function fail(session: Session, failure: unknown): void {
  const error = failure instanceof SitepairError ? failure : new SitepairError(internal(failure), { cause: failure });
  session.exitCode = exitCodes[error.errorClass];
  session.printError(error.report);
}

/** A defect: what was thrown is no SitepairError. Its stack says nothing to a user. */
function internal(failure: unknown): ErrorReport {
  const said = failure instanceof Error ? failure.message : String(failure);
  return {
    code: 'internal',
    message: `Something went wrong that Sitepair did not expect: ${said.split('\n')[0] ?? ''}`,
    remedy: 'Look at the state with group show before going on, and report this with the command that you gave.',
  };
}

/** commander's sentence as an error, with the help of the command that it was about as the remedy. */
function usageError(session: Session, program: Command, argv: readonly string[], error: CommanderError): SitepairError {
  const names = [];
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) continue;
    names.push(word);
    command = next;
  }
  const [said = '', ...suggestion] = error.message.replace(/^error: /, '').split('\n');
  const sentence = error.code === 'commander.help' ? 'a command is missing' : said;
  return new SitepairError({
    code: 'invalid-input',
    message: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${sentence.endsWith('.') ? '' : '.'}`,
    remedy: [
      ...suggestion.map((one) => one.replace(/^\((.*)\)$/, '$1')),
      `See ${session.commandLine(...names, '--help')} for how it is given.`,
    ].join(' '),
  });
}
