/** `forecast`: what a seed, a cycle, a reprotect or a failback will cost, or the rest of one that was cut off. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { forecastOperations, forecastOperationSchema, type ForecastRequest } from '../../../contract/forecast.ts';
import type { CallOutput } from '../../../contract/contract.ts';
import { parseReplacement } from '../assignments.ts';
import { collect, withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { parseCount } from '../quantities.ts';
import { forecastLines, forecastReadingLines } from '../render/forecast.ts';
import type { Session } from '../session.ts';

const options = z.strictObject({
  for: z.string(),
  seconds: z.string().optional(),
  replace: z.array(z.string()).optional(),
  discard: z.boolean().optional(),
  skipUnreadable: z.boolean().optional(),
});

/** Adds the command to `program`. */
export function addForecastCommand(program: Command, session: Session): void {
  const forecast = program
    .command('forecast')
    .helpGroup('Groups:')
    .description('Look at a sample of the volumes and say what a run will copy, what undo space and time it takes.')
    .argument('<name>', 'the group')
    .requiredOption('--for <operation>', `one of ${forecastOperations.join(', ')}`)
    .option('--seconds <count>', 'how long to look at most (default: 10); Ctrl-C ends it with what is known')
    .option(
      '--replace <assignment>',
      'a new volume for a pair, as reprotect will be given it; may be repeated',
      collect,
    )
    .option('--discard', 'what the targets of a seed hold is not to be saved, as protect will be told')
    .option('--skip-unreadable', 'pass over what cannot be read of a failing source, as the run will be told')
    .action(async (group: string, raw: unknown) => {
      const request = requestOf(session, group, options.parse(raw));
      const { forecast: made, record } = await lookFor(session, request);
      session.print({ forecast: made, record }, (page) => forecastLines(page, made, record));
    });
  withExample(forecast, 'sitepair forecast erp-db --for sync', 'sitepair forecast erp-db --for reprotect --seconds 60');
}

function requestOf(session: Session, group: string, given: z.infer<typeof options>): ForecastRequest {
  const operation = forecastOperationSchema.safeParse(given.for);
  if (!operation.success) {
    throw new SitepairError({
      code: 'invalid-input',
      message: `There are no forecasts of "${given.for}".`,
      where: '--for',
      remedy: `Give one of ${forecastOperations.join(', ')}.`,
    });
  }
  const replace = given.replace?.map((text) => {
    const { pairId, path } = parseReplacement(text);
    return { pairId, path: session.path(path) };
  });
  return {
    group,
    operation: operation.data,
    ...(given.seconds === undefined ? {} : { seconds: parseCount(given.seconds, '--seconds', 1, 86_400) }),
    ...(replace === undefined ? {} : { replace }),
    ...(given.discard === undefined ? {} : { discard: given.discard }),
    ...(given.skipUnreadable === undefined ? {} : { skipUnreadable: given.skipUnreadable }),
  };
}

/** Looks, with progress on the terminal; a signal ends it with what is known, a second one ends the process. */
async function lookFor(session: Session, request: ForecastRequest): Promise<CallOutput<'forecasts.make'>> {
  const { terminal, env, interrupts } = session.host;
  const application = await session.application();
  const display = new ProgressDisplay(terminal.stderr, env, session.json);
  const deaf = application.subscribe('forecast.reading', (reading) => {
    display.show((page) => forecastReadingLines(page, reading));
  });
  let signals = 0;
  const unlisten = interrupts.listen(() => {
    signals += 1;
    if (signals > 1) interrupts.endAtOnce(exitCodes.resumable);
    void session.call('forecasts.stop', { group: request.group }).catch(() => undefined);
  });
  try {
    return await session.call('forecasts.make', request);
  } finally {
    unlisten();
    deaf();
    display.clear();
  }
}
