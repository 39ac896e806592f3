/** `service`, `schedule` and `alerts`: cycles by the clock without a window, when they begin, and what was told. */
import type { Command } from 'commander';
import { isBad } from '../../../contract/alerts.ts';
import type { Application } from '../../../contract/contract.ts';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount } from '../quantities.ts';
import { alertLines, scheduleLines } from '../render/schedule.ts';
import { mark } from '../render/page.ts';
import { runLine } from '../render/runs.ts';
import type { Session } from '../session.ts';

const alertOptions = z.strictObject({ last: z.string().default('20'), onAlert: z.string().optional() });

/** Adds the commands to `program`. */
export function addServiceCommands(program: Command, session: Session): void {
  withExample(
    program
      .command('service')
      .helpGroup('Replicate:')
      .description(
        'Begin cycles by the clock, so that the targets of all groups hold, until it is stopped (SIGTERM or Ctrl-C). ' +
          'An open window does the same; of several, one does it.',
      )
      .action(() => serve(session)),
    'sitepair service',
  );
  withExample(
    program
      .command('schedule')
      .helpGroup('Replicate:')
      .description('Show when the next cycle of each group is due, and which process begins it.')
      .action(async () => {
        const report = await session.call('schedule.show', {});
        session.print(report, (page) => scheduleLines(page, report));
      }),
    'sitepair schedule',
  );
  withExample(
    program
      .command('alerts')
      .helpGroup('Replicate:')
      .description(
        'Show which targets were missed and which groups could not fail over or come back, and when that was over, or ' +
          'set the command that is told so. It runs once for each and for its end, for at most 30 s, with ' +
          'SITEPAIR_GROUP, SITEPAIR_EVENT (target-missed, target-held, target-ended, failover-blocked, ' +
          'failover-possible, way-back-blocked, way-back-possible), SITEPAIR_MESSAGE, SITEPAIR_AT, SITEPAIR_TARGET_SECONDS and SITEPAIR_AGE_SECONDS set.',
      )
      .option('--last <count>', 'how many of the newest to show (default: 20)')
      .option('--on-alert <command>', 'shell command, run by the process that begins cycles; "" for none')
      .action(async (raw: unknown) => alerts(session, alertOptions.parse(raw))),
    'sitepair alerts',
    `sitepair alerts --on-alert 'logger -t sitepair "$SITEPAIR_MESSAGE"'`,
  );
}

async function alerts(session: Session, { last, onAlert }: z.infer<typeof alertOptions>): Promise<void> {
  const limit = parseCount(last, '--last', 1, 1000);
  if (onAlert !== undefined) await session.call('alerts.set', { command: onAlert.trim() === '' ? null : onAlert });
  const report = await session.call('alerts.list', { limit });
  session.print(report, (page) => alertLines(page, report));
}

/**
 * The first signal ends it in order: what runs is cut off where it can be gone on with, which is bounded. A second one
 * ends the process at once, which is as safe.
 */
async function serve(session: Session): Promise<void> {
  const application = await session.application({ schedules: true, clientName: 'service' });
  const { interrupts } = session.host;
  const signal = Promise.withResolvers<undefined>();
  let signals = 0;
  const unlisten = interrupts.listen(() => {
    signals += 1;
    if (signals > 1) interrupts.endAtOnce(exitCodes.resumable);
    signal.resolve(undefined);
  });
  if (!session.json) session.say(() => ['Cycles begin by the clock from now on; sitepair schedule shows when.']);
  const tell = teller(session, application);
  try {
    await signal.promise;
    await session.close();
  } finally {
    tell();
    unlisten();
  }
  session.print({ stopped: true }, () => ['Stopped. What was under way is gone on with at the next start.']);
}

/** Says how runs ended and which targets are missed, a line each, for a journal; gives the function that ends it. */
function teller(session: Session, application: Application): () => void {
  if (session.json) return () => undefined;
  const endings = [
    application.subscribe('alert.raised', ({ event, message }) => {
      session.say((page) => [mark(page, isBad(event) ? 'warn' : 'good', message)]);
    }),
    application.subscribe('run.ended', ({ runId }) => {
      void application.invoke('runs.show', { id: runId }).then(
        ({ run }) => {
          session.say((page) => [runLine(page, run)]);
        },
        // How it ended is in the list of runs; there is nothing to tell from here.
        () => undefined,
      );
    }),
  ];
  return () => {
    for (const end of endings) end();
  };
}
