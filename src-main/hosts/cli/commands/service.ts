/** `service` and `schedule`: cycles by the clock without a window, and what is about to be done. */
import type { Command } from 'commander';
import type { Application } from '../../../contract/contract.ts';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { scheduleLines } from '../render/schedule.ts';
import { runLine } from '../render/runs.ts';
import type { Session } from '../session.ts';

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

/** Says how each run ended, a line each, for a journal; gives the function that ends it. */
function teller(session: Session, application: Application): () => void {
  return application.subscribe('run.ended', ({ runId }) => {
    if (session.json) return;
    void application.invoke('runs.show', { id: runId }).then(
      ({ run }) => {
        session.say((page) => [runLine(page, run)]);
      },
      // How it ended is in the list of runs; there is nothing to tell from here.
      () => undefined,
    );
  });
}
