/**
 * The application: the one object that hosts talk to. It owns the catalog and the runs, and hands everything that
 * touches stores or volumes to site threads.
 */
import type { CheckId, CheckReport } from './contract/checks.ts';
import type { Application, CallInput, CallName, CallOutput } from './contract/contract.ts';
import type { AuditVerdict } from './contract/machine.ts';
import type { GroupView } from './contract/groups.ts';
import type { OperationRequest, Progress } from './contract/runs.ts';
import { schedulerName } from './contract/schedule.ts';
import { openCatalog } from './catalog/database.ts';
import { Audit } from './catalog/audit.ts';
import { DismissedVolumes } from './catalog/dismissed.ts';
import { Forecasts } from './catalog/forecasts.ts';
import { SettingsBook } from './catalog/settings.ts';
import { RunRequests } from './catalog/run-requests.ts';
import { Runs } from './catalog/runs.ts';
import { aboutOf, madeBy } from './app/about.ts';
import { diagnose } from './app/diagnostics.ts';
import { DrillPlayer } from './app/drill-player.ts';
import { failoverPlans } from './app/failover-plans/plan-calls.ts';
import { ForecastLooks } from './app/forecasts.ts';
import { EvidenceDesk, noPrinter, type Printer } from './app/evidence-desk.ts';
import { GroupBook } from './app/group-book.ts';
import { groupCalls } from './app/group-calls.ts';
import type { Handlers } from './app/handlers.ts';
import { LogFile } from './app/log-file.ts';
import { Looks } from './app/looks.ts';
import { noteTest } from './app/note-test.ts';
import { planCalls } from './app/plan-calls.ts';
import { RateHistory } from './app/rate-history.ts';
import { runCalls } from './app/run-calls.ts';
import { RunLimits } from './app/run-limits.ts';
import { readinessCalls } from './app/readiness/readiness-calls.ts';
import { ReadinessDesk } from './app/readiness/readiness-desk.ts';
import { ReadinessTurns } from './app/readiness/readiness-turns.ts';
import { Reports } from './app/reports.ts';
import { plansOfGroup } from './app/failover-plans/plans-of-group.ts';
import { Runbooks } from './app/runbooks.ts';
import { RunDiary } from './app/run-diary.ts';
import { RunRegistry } from './app/run-registry.ts';
import { salvageCalls } from './app/salvages.ts';
import { Alerts } from './app/schedule/alerts.ts';
import { ByTheClock } from './app/schedule/by-the-clock.ts';
import { scheduleCalls } from './app/schedule/schedule-calls.ts';
import { Scheduler } from './app/schedule/scheduler.ts';
import { asLookedAt, closedError, startOperation } from './app/start-operation.ts';
import { SiteThread } from './app/site-thread.ts';
import { StateWatch } from './app/state-watch.ts';
import { Trail } from './app/trail.ts';
import { validInput } from './app/valid-input.ts';
import { verifyAudit } from './app/verify-audit.ts';
import { VerifyTurns } from './app/verify-turns.ts';
import { volumeCalls } from './app/volume-calls.ts';
import { nameThisProcess } from './processes.ts';
import type { Made } from './evidence/made.ts';
import type { OperationOrder } from './protection/run-context.ts';
import type { Sight } from './protection/tasks.ts';

export { LogFile, type Printer };

export interface ApplicationOptions {
  /** The directory where the catalog lies. */
  home: string;
  /** The OS user, for runs and the audit log. */
  operator: string;
  /** Which host asks: "cli", "electron", "chromium". */
  clientName: string;
  /** Left out where no page is ever printed. */
  print?: Printer;
  /** Whether cycles are begun by the clock here, unless another process on the same catalog does it. */
  schedules?: boolean;
}

/** Opens the catalog and gives the application. Throws as `openCatalog` does. */
export function createApplication(options: ApplicationOptions): Promise<Application> {
  nameThisProcess();
  const catalog = openCatalog(options.home);
  const audit = new Audit(catalog);
  const runs = new Runs(catalog);
  const requests = new RunRequests(catalog);
  const settings = new SettingsBook(catalog);
  const dismissed = new DismissedVolumes(catalog);
  const thread = new SiteThread();
  /** A folder that hangs holds this one, and nothing else. */
  const browsing = new SiteThread();
  const reports = new Reports();
  const about = aboutOf(options);
  const readiness = new ReadinessDesk(catalog, about.version);
  const rates = new RateHistory();
  const pushProgress = (progress: Progress): void => {
    rates.note(progress);
    reports.push('run.progress', progress);
  };
  const clock = new ByTheClock(catalog, runs, options.clientName);
  const shown = (sight: Sight): GroupView => clock.shown(readiness.shown(sight), sight.notHere);
  const book = new GroupBook(catalog, thread, shown, () => {
    reports.push('state.changed', {});
  });
  const log = new LogFile(options.home);
  const trail = new Trail({ audit, thread, operator: options.operator, clientName: options.clientName });

  const made = (): Made => madeBy(about);
  const joint = (group: string): ReturnType<typeof plansOfGroup> => plansOfGroup(catalog, group);
  const runbooks = new Runbooks({ log, made, joint });
  const diary = new RunDiary({ catalog, runs, trail, book, log, thread, runbooks });
  const registry = new RunRegistry({
    runs,
    requests,
    log,
    push: pushProgress,
    begun: (run, request, assertMay) => {
      diary.begun(run, request, assertMay);
      const { id: runId, operation, groupName: group, operator } = run;
      reports.push('run.begun', { runId, operation, group, operator });
    },
    ended: async (run, registration, end, free, told) => {
      if (end !== null) clock.tell(run, end);
      const unrecorded = await diary.ended(run, registration, end, free, told);
      if (run.outcome !== told) reports.push('run.ended', { runId: run.id });
      reports.push('state.changed', {});
      return unrecorded;
    },
  });

  const watch = new StateWatch({
    catalog,
    thread: new SiteThread(null),
    groups: book,
    foreignProgress: () => {
      const going = runs.unfinished();
      // A run whose process was killed goes on for nobody: it is ended, which is a change.
      if (going.some(({ ownerAlive }) => !ownerAlive)) diary.endAbandoned();
      const foreign = going.filter(({ run, ownerAlive }) => ownerAlive && !registry.isOurs(run.id));
      return foreign.flatMap(({ run }) => runs.progress(run.id) ?? []);
    },
    changed: () => {
      alerts.pushNew();
      reports.push('state.changed', {});
    },
    progress: pushProgress,
  });

  const alerts = new Alerts({ catalog, log, trail, push: (alert) => reports.push('alert.raised', alert) });
  const forecasts = new ForecastLooks(new Forecasts(catalog), runs, (reading) => {
    reports.push('forecast.reading', reading);
  });

  const orderOf = (request: OperationRequest): OperationOrder => ({
    request,
    registration: book.registration(request.group),
    others: book.others(request.group),
    dismissed: dismissed.list(),
    operator: options.operator,
  });
  const foretold = (request: OperationRequest): OperationOrder => ({ ...orderOf(request), ...forecasts.of(request) });

  const looks = new Looks(thread, (reading) => reports.push('checks.reading', reading));

  const look = async (order: OperationOrder, only?: CheckId): Promise<CheckReport> =>
    looks.look(await asLookedAt(order, { thread, runs }), only);

  const limits = new RunLimits({ runs, requests, registry, book, diary });

  const cancel = (id: string): void => {
    registry.steering(id)?.cancel();
    requests.requestCancel(id);
    diary.asked(id, 'cancel');
  };

  let closing = false;
  const begin = async (request: OperationRequest, confirmedAt = new Date().toISOString()): Promise<string> => {
    diary.endAbandoned();
    forecasts.stop(request.group);
    const order = { ...foretold(request), confirmedAt };
    try {
      await startOperation(order, { thread, runs, cancel, look });
    } catch (error) {
      // What the end of the catalog breaks is not told.
      throw closing ? closedError() : error;
    }
    if (closing) throw closedError();
    return registry.start(order);
  };

  const scheduler = new Scheduler({
    catalog,
    client: options.clientName,
    runs,
    log,
    alerts,
    readiness: new ReadinessTurns({ desk: readiness, orderOf, log }),
    registrations: () => book.registrations(),
    begin: (request, assertMay) => {
      diary.endAbandoned();
      forecasts.stop(request.group);
      registry.start({ ...orderOf(request), operator: schedulerName }, assertMay);
    },
  });
  if (options.schedules === true) scheduler.start();

  const verifies = new VerifyTurns({
    begin,
    result: (runId) => registry.result(runId),
    cancel,
    changed: (queue) => {
      reports.push('verify.changed', queue);
    },
  });

  const plans = failoverPlans({
    ...{ catalog, book, runs, log, diary, trail, orderOf, begin, cancel, runbooks, thread },
    operator: options.operator,
    result: (runId) => registry.result(runId),
    changed: (run) => reports.push('failover-plan.changed', run),
  });

  const drills = new DrillPlayer({
    application: (home) => createApplication({ ...options, home, schedules: false }),
    changed: (drill) => reports.push('drill.changed', drill),
  });

  const verify = async (): Promise<AuditVerdict> => verifyAudit(options.home, await book.anchors(audit.chain()));

  const desk = new EvidenceDesk({
    ...{ runs, joined: plans.joined, audit, book, joint },
    thread: browsing,
    verify,
    made,
    print: options.print ?? noPrinter,
  });

  const handlers: Handlers = {
    ...volumeCalls({ dismissed, book, trail, thread: browsing, operator: options.operator }),
    ...groupCalls({ book, trail, limits, diary, runbooks, thread }),
    ...planCalls({ book, trail, operator: options.operator, runs, requests, diary, runbooks, thread }),
    ...plans.calls,
    'checks.run': ({ only, ...request }) => look(foretold(request), only),
    'checks.stop': ({ group }) => {
      looks.stop(group);
      return { message: 'The look was stopped.' };
    },
    'forecasts.make': (request) => forecasts.make(book.registration(request.group), request),
    'forecasts.stop': ({ group }) => {
      forecasts.stop(group);
      return { message: 'The look was stopped.' };
    },
    'forecasts.latest': (request) => ({ forecast: forecasts.latest(request), record: forecasts.record(request.group) }),
    'operations.start': async (request) => ({ runId: await begin(request) }),
    'operations.result': ({ runId }) => registry.result(runId),
    'tests.note': (input) => noteTest(input, { book, runs, trail, operator: options.operator }),
    ...runCalls({ runs, requests, registry, diary, limits, rates, book, cancel }),
    'verify.start': ({ groups }) => ({ queue: verifies.start(groups) }),
    'verify.state': () => ({ queue: verifies.queue }),
    'verify.cancel': () => ({ queue: verifies.cancel() }),
    'drill.start': ({ volumeBytes }) => drills.start(volumeBytes),
    'drill.state': () => drills.state(),
    'drill.cancel': ({ id }) => ({ drill: drills.cancel(id) }),
    ...salvageCalls({ book, trail }),
    'files.browse': ({ path }) => browsing.ask('browse', { path }),
    'machine.about': () => about,
    'machine.diagnostics': () => diagnose({ about, catalog, runs, drill: drills.drill, groups: book.list() }),
    'settings.get': () => settings.read(),
    'settings.set': (input) => {
      settings.write(input);
      return input;
    },
    ...readinessCalls({ desk: readiness, book, trail, orderOf }),
    ...scheduleCalls({ scheduler, alerts, registration: (name) => book.registration(name) }),
    'audit.list': ({ limit, before }) => ({ entries: audit.list(limit, before) }),
    'audit.verify': verify,
    'evidence.write': (request) => desk.write(request),
  };

  return Promise.resolve({
    invoke: async <K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> => {
      return handlers[name](validInput(name, input));
    },
    subscribe: (name, listener) => {
      if (name === 'state.changed') watch.start();
      return reports.subscribe(name, listener);
    },
    close: async () => {
      closing = true;
      watch.stop();
      looks.stop();
      forecasts.dispose();
      readiness.dispose();
      await scheduler.stop();
      await alerts.close();
      await Promise.all([drills.close(), verifies.close(), plans.close(), registry.close()]);
      diary.close();
      scheduler.leave();
      book.dispose();
      thread.dispose();
      browsing.dispose();
      catalog.close();
    },
  });
}
