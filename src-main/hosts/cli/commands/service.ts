/** `service`, `schedule` and `alerts`: cycles by the clock without a window, when they begin, and what was told. */
import type { Command } from 'commander';
import { isBad } from '../../../contract/alerts.ts';
import type { Application } from '../../../contract/contract.ts';
import { SitepairError } from '../../../contract/errors.ts';
import type { GroupView } from '../../../contract/groups.ts';
import { lagPicture } from '../../../contract/lag.ts';
import { z } from 'zod';
import { withExample } from '../command-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount, parseDuration } from '../quantities.ts';
import { alertLines, lagLines, scheduleLines } from '../render/schedule.ts';
import { mark } from '../render/page.ts';
import { runLine } from '../render/runs.ts';
import type { Session } from '../session.ts';

const scheduleOptions = z.strictObject({ history: z.boolean().default(false), since: z.string().optional() });
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
      .description(
        'Show when the next cycle of each group is due, and which process begins it; or how old the point was, over a ' +
          'time, that a failover of a group would have taken.',
      )
      .argument('[name]', 'the group (default: all)')
      .option('--history', 'of this group: how old its point was, against its target')
      .option('--since <duration>', 'how far back, with --history (default: 24h)')
      .action(async (name: string | undefined, raw: unknown) => schedule(session, name, scheduleOptions.parse(raw))),
    'sitepair schedule',
    'sitepair schedule erp-db --history --since 7d',
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

async function schedule(
  session: Session,
  name: string | undefined,
  { history: past, since }: z.infer<typeof scheduleOptions>,
): Promise<void> {
  const example = 'sitepair schedule NAME --history --since 7d';
  if (past && name === undefined) throw onlyWith('--history', 'the name of a group', example);
  if (!past && since !== undefined) throw onlyWith('--since', '--history', example);
  const group = name === undefined ? null : (await session.call('groups.show', { name })).group;
  if (past && group !== null) {
    await history(session, group, parseDuration(since ?? '24h', '--since'));
    return;
  }
  const { scheduler, turns } = await session.call('schedule.show', {});
  const report = { scheduler, turns: turns.filter((turn) => group === null || turn.group === group.name) };
  const { groups } = await session.call('groups.list', {});
  session.print(report, (page) => scheduleLines(page, report, groups));
}

async function history(session: Session, { name, rpo }: GroupView, seconds: number): Promise<void> {
  const { samples } = await session.call('lag.list', { name, seconds });
  const { targetSeconds, actualSeconds } = rpo;
  const now = Date.now();
  const picture = lagPicture(samples, targetSeconds, actualSeconds, now);
  const { oldest: oldestSeconds, missed: missedShare } = picture;
  const report = { group: name, targetSeconds, actualSeconds, seconds, oldestSeconds, missedShare, samples };
  session.print(report, (page) => lagLines(page, { name, targetSeconds, seconds, picture, now }));
}

function onlyWith(option: string, other: string, example: string): SitepairError {
  return new SitepairError({
    code: 'invalid-input',
    message: `${option} says something only with ${other}.`,
    where: option,
    remedy: `Give both: ${example}`,
  });
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
