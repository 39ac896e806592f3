/**
 * The application: the one object that hosts talk to. It owns the catalog and the runs, and hands everything that
 * touches stores or volumes to site threads.
 */
import { hostname } from 'node:os';
import packageFile from '../package.json' with { type: 'json' };
import {
  pushes,
  type Application,
  type CallInput,
  type CallName,
  type CallOutput,
  type PushName,
  type PushReport,
} from './contract/contract.ts';
import type { ErrorReport } from './contract/errors.ts';
import type { OperationRequest } from './contract/runs.ts';
import { openCatalog } from './catalog/database.ts';
import { Audit } from './catalog/audit.ts';
import { SettingsBook } from './catalog/settings.ts';
import { RunRequests } from './catalog/run-requests.ts';
import { Runs } from './catalog/runs.ts';
import { DrillPlayer } from './app/drill-player.ts';
import { GroupBook } from './app/group-book.ts';
import { LogFile } from './app/log-file.ts';
import { removalWords } from './app/removal-words.ts';
import { RunRegistry, type RunHost } from './app/run-registry.ts';
import { startOperation } from './app/start-operation.ts';
import { SiteThread } from './app/site-thread.ts';
import { StateWatch } from './app/state-watch.ts';
import { validInput } from './app/valid-input.ts';
import { VerifyTurns } from './app/verify-turns.ts';
import { asReport } from './protection/errors.ts';
import type { Registration } from './protection/registration.ts';
import type { OperationOrder } from './protection/run-context.ts';
import type { AnchoredEntry } from './protection/run-log.ts';
import { listVolumes } from './volumes/listing.ts';

export interface ApplicationOptions {
  /** The directory where the catalog lies. */
  home: string;
  /** The OS user, for runs and the audit log. */
  operator: string;
  /** Which host asks: "cli", "electron", "chromium". */
  clientName: string;
}

type Handlers = { [K in CallName]: (input: CallInput<K>) => Promise<CallOutput<K>> | CallOutput<K> };

/** Opens the catalog and gives the application. Throws as `openCatalog` does. */
export function createApplication(options: ApplicationOptions): Promise<Application> {
  const catalog = openCatalog(options.home);
  const audit = new Audit(catalog);
  const runs = new Runs(catalog);
  const requests = new RunRequests(catalog);
  const settings = new SettingsBook(catalog);
  const thread = new SiteThread();
  /** A folder that hangs holds this one, and nothing else. */
  const browsing = new SiteThread();
  const book = new GroupBook(catalog, thread);
  const listeners = new Map<PushName, Set<(report: never) => void>>();

  const push = <K extends PushName>(name: K, report: PushReport<K>): void => {
    const valid = pushes[name].parse(report);
    for (const listener of listeners.get(name) ?? []) listener(valid as never);
  };

  const append = (
    action: string,
    groupName: string,
    runId: string | null,
    detail: Record<string, unknown>,
  ): AnchoredEntry => {
    const entry = audit.append({
      at: new Date().toISOString(),
      operator: options.operator,
      action,
      groupName,
      runId,
      detail: { ...detail, client: options.clientName },
    });
    return { ...entry, chain: audit.chain() };
  };

  /** Takes down what was done to a group, here and in its stores. */
  const log = async (action: string, registration: Registration, detail: Record<string, unknown>): Promise<void> => {
    const entry = append(action, registration.definition.name, null, detail);
    await thread.ask('log', { registration, runs: [], audit: [entry] });
  };

  /** The stores are told how a run ended even where the catalog cannot take it: why not is what this gives. */
  const ended: RunHost['ended'] = async (run, registration, end, free) => {
    const { outcome, bytesWritten, pointId, error, accepted } = run;
    const told = { outcome, bytesWritten, pointId, accepted, error: error?.code };
    const entries: AnchoredEntry[] = [];
    let present = registration;
    let failure: ErrorReport | null = null;
    try {
      runs.save(run);
      if (end !== null) present = book.remember(registration, end);
      entries.push(append(`${run.operation} ended`, run.groupName, run.id, told));
    } catch (thrown) {
      failure = asReport(thrown);
    }
    await (free ?? thread).ask('log', { registration: present, runs: [run], audit: entries });
    push('run.ended', { runId: run.id });
    push('state.changed', {});
    return failure;
  };

  const registry = new RunRegistry({
    runs,
    requests,
    log: new LogFile(options.home),
    push: (progress) => {
      push('run.progress', progress);
    },
    ended,
  });

  const watch = new StateWatch({
    catalog,
    thread: new SiteThread(),
    recordFiles: () => book.recordFiles(),
    foreignProgress: () =>
      runs.unfinished().flatMap(({ run }) => (registry.isOurs(run.id) ? [] : (runs.progress(run.id) ?? []))),
    changed: () => {
      push('state.changed', {});
    },
    progress: (progress) => {
      push('run.progress', progress);
    },
  });

  const orderOf = (request: OperationRequest): OperationOrder => ({
    request,
    registration: book.registration(request.group),
    others: book.others(request.group),
    operator: options.operator,
  });

  const settled = (): void => {
    runs.markAbandoned();
  };

  const begin = async (request: OperationRequest): Promise<string> => {
    settled();
    const order = orderOf(request);
    await startOperation(order, { thread, runs, requests });
    const runId = registry.start(order);
    append(`${request.operation} started`, request.group, runId, { ...request });
    return runId;
  };

  const cancel = (id: string): void => {
    registry.steering(id)?.cancel();
    requests.requestCancel(id);
  };

  const verifies = new VerifyTurns({
    begin,
    result: (runId) => registry.result(runId),
    cancel,
    changed: (queue) => {
      push('verify.changed', queue);
    },
  });

  const drills = new DrillPlayer({
    application: (home) => createApplication({ ...options, home }),
    changed: (drill) => {
      push('drill.changed', drill);
    },
  });

  const handlers: Handlers = {
    'volumes.list': async () => ({ volumes: await listVolumes() }),
    'groups.create': async (input) => {
      const group = await book.create(input);
      await log('group created', book.registration(input.name), { pairs: input.pairs.length });
      return { group };
    },
    'groups.list': async () => ({ groups: await book.list() }),
    'groups.show': async ({ name }) => ({ group: await book.show(name) }),
    'groups.set': async (input) => {
      const group = await book.set(input);
      await log('group changed', book.registration(input.name), { ...input });
      return { group };
    },
    'groups.remove': async (input) => {
      const registration = book.registration(input.name);
      const { left, unread } = await book.remove(input);
      const told = { name: input.name, purge: input.purge };
      // A purge leaves no store that could be told.
      if (input.purge) append('group removed', input.name, null, told);
      else await log('group removed', registration, told);
      return {
        message: removalWords(
          input.name,
          input.purge,
          left,
          unread.filter((folder) => folder !== ''),
        ),
      };
    },
    'groups.adopt': async (input) => {
      const { group, notes, runs: known } = await book.adopt(input);
      const recorded = new Map(runs.list({ limit: 1_000_000 }).map((run) => [run.id, run]));
      for (const run of known) {
        const here = recorded.get(run.id);
        if (here === undefined) runs.start(run);
        // A full disk may have kept its end out of the catalog.
        else if (here.outcome !== run.outcome) runs.save(run);
      }
      await log('group adopted', book.registration(group.name), { store: input.store, takeOver: input.takeOver });
      return { group, notes };
    },
    'checks.run': ({ only, ...request }) => thread.ask('checks', { ...orderOf(request), only }),
    'operations.start': async (request) => ({ runId: await begin(request) }),
    'operations.result': ({ runId }) => registry.result(runId),
    'runs.list': (input) => {
      settled();
      const known = runs.list(input);
      // Runs of a group that was removed are kept; one that never was is a wrong word.
      if (known.length === 0 && input.group !== undefined && input.before === undefined) {
        book.registration(input.group);
      }
      return { runs: known };
    },
    'runs.show': ({ id }) => {
      settled();
      return { run: runs.get(id) };
    },
    'runs.cancel': ({ id }) => {
      cancel(id);
      return { message: 'The run was asked to stop.' };
    },
    'runs.pause': ({ id }) => {
      requests.requestPause(id);
      registry.steering(id)?.pause();
      return { message: 'The run was asked to pause.' };
    },
    'runs.continue': ({ id }) => {
      requests.requestContinue(id);
      registry.steering(id)?.continue();
      return { message: 'The run was asked to go on.' };
    },
    'runs.limit': ({ id, bytesPerSecond }) => {
      requests.requestLimit(id, bytesPerSecond);
      registry.steering(id)?.limit(bytesPerSecond);
      return { message: 'The limit was set.' };
    },
    'runs.progress': ({ id }) => ({ progress: runs.progress(id) }),
    'runs.map': ({ id, pairId, cells }) => ({ map: registry.chunkMap(id, pairId, cells) }),
    'verify.start': ({ groups }) => ({ queue: verifies.start(groups) }),
    'verify.state': () => ({ queue: verifies.queue }),
    'verify.cancel': () => ({ queue: verifies.cancel() }),
    'drill.start': ({ volumeBytes }) => drills.start(volumeBytes),
    'drill.state': () => drills.state(),
    'drill.cancel': ({ id }) => ({ drill: drills.cancel(id) }),
    'files.browse': ({ path }) => browsing.ask('browse', { path }),
    'machine.about': () => ({
      hostName: hostname(),
      operator: options.operator,
      version: packageFile.version,
      home: options.home,
      privileged: process.getuid?.() === 0,
      client: options.clientName,
    }),
    'settings.get': () => settings.read(),
    'settings.set': (input) => {
      settings.write(input);
      return input;
    },
    'audit.list': ({ limit }) => ({ entries: audit.list(limit) }),
    'audit.verify': async () => audit.verify(await book.anchors(audit.chain())),
  };

  return Promise.resolve({
    invoke: async <K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> => {
      return handlers[name](validInput(name, input));
    },
    subscribe: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener);
      if (name === 'state.changed') watch.start();
      return () => {
        set.delete(listener);
      };
    },
    close: async () => {
      watch.stop();
      await Promise.all([drills.close(), verifies.close(), registry.close()]);
      thread.dispose();
      browsing.dispose();
      catalog.close();
    },
  });
}
