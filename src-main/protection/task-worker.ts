/** The entry of a site thread: takes tasks, one after the other, and answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Steering, type SharedControl } from '../engine/control.ts';
import { browse } from '../volumes/browse.ts';
import { lowerPriority } from '../volumes/thread-priority.ts';
import { saveFile } from '../volumes/save-file.ts';
import { volumePlatform } from '../volumes/platform.ts';
import { adoptGroup } from './admin/adopt.ts';
import { changePairs, lookAtPairs } from './admin/change-pairs.ts';
import { createGroup } from './admin/create.ts';
import { purgeFolder } from './admin/purge.ts';
import { objectionsTo } from './admin/objections.ts';
import { setGroup } from './admin/set.ts';
import { allUnprotected } from './all-unprotected.ts';
import { setPlan, showPlan } from './admin/set-plan.ts';
import { answeringPlatform } from './answering.ts';
import { runChecks } from './checks/run-checks.ts';
import { asReport } from './errors.ts';
import { execute } from './execute.ts';
import { forecast } from './forecast/forecast.ts';
import { OpenGroup } from './group.ts';
import { groupView, lastSeenOf } from './group-view.ts';
import { thisMachine } from './machine.ts';
import { StepAnswers } from './plan/step-answers.ts';
import { disksByGroup } from './disks-by-group.ts';
import { notHere, pulseOf } from './pulse.ts';
import { configurationOf } from './readiness/configuration.ts';
import { proveReadiness } from './readiness/prove.ts';
import { stampOf } from './record-stamp.ts';
import { sites, type Registration } from './registration.ts';
import { assertNoTestLeft } from './rehearsal/group-tests.ts';
import { noteResult } from './rehearsal/note-result.ts';
import type { OperationOrder, Reporter, RunContext } from './run-context.ts';
import { layRunbook } from './lay-runbook.ts';
import { appendToStores, auditAnchors, runsInStores } from './run-log.ts';
import { assertNewFile } from './salvage/place.ts';
import { applySalvage, listSalvage } from './salvage/use.ts';
import type { RunNews, Sight, TaskAnswer, TaskMap, TaskName, ToThread } from './tasks.ts';

const port = parentPort;
if (port === null) throw new Error('task-worker runs as a worker thread only');
const answer = (message: TaskAnswer): void => {
  port.postMessage(message);
};
/** Whether the main thread has left this one behind. */
const left = z.instanceof(Int32Array).parse(workerData);
const platform = volumePlatform();
const machine = thisMachine();
const now = (): Date => new Date();
let answers = new StepAnswers();

function contextOf(order: OperationOrder, runId: string, control: SharedControl, reporter: Reporter): RunContext {
  const steering = new Steering(control);
  return {
    ...order,
    runId,
    platform,
    machine,
    now,
    reporter,
    steering,
    answers,
    firstData: new Map(),
    differing: new Set(),
  };
}

function toldTo(news: (news: RunNews) => void): Reporter['reading'] {
  return (bytesRead, bytesTotal) => {
    news({ kind: 'reading', bytesRead, bytesTotal });
  };
}

const silent: Reporter = {
  step: () => undefined,
  detail: () => undefined,
  warn: () => undefined,
  trace: () => undefined,
  reading: () => undefined,
  pairs: () => undefined,
  plan: () => undefined,
  checked: () => undefined,
};

function withGroup<T>(registration: Registration, work: (group: OpenGroup) => T): T {
  const group = OpenGroup.open(registration, machine, now);
  try {
    return work(group);
  } finally {
    group.close();
  }
}

function sightOf(registration: Registration): Sight {
  return withGroup(registration, (group) => {
    const answering = answeringPlatform(group, platform);
    return {
      view: groupView(group, answering),
      definition: group.definition,
      lastSeen: lastSeenOf(group, registration.lastSeen),
      configuration: configurationOf(group, answering),
      notHere: notHere(group),
    };
  });
}

async function checksOf(
  input: TaskMap['checks']['input'],
  news: (news: RunNews) => void,
): Promise<TaskMap['checks']['output']> {
  const group = OpenGroup.open(input.registration, machine, now);
  try {
    const context = contextOf(input, '', input.control, { ...silent, reading: toldTo(news) });
    return await runChecks(group, { ...context, platform: answeringPlatform(group, platform) }, input.only);
  } finally {
    group.close();
  }
}

/** On a thread of its own, as a forecast is made. */
async function readinessOf(input: TaskMap['prove']['input']): Promise<TaskMap['prove']['output']> {
  lowerPriority();
  const group = OpenGroup.open(input.registration, machine, now);
  try {
    const context = contextOf(input, '', input.control, silent);
    return await proveReadiness(group, { ...context, platform: answeringPlatform(group, platform) });
  } finally {
    group.close();
  }
}

/** On a thread of its own: its reads go after everybody else's. */
async function forecastOf(
  { registration, order, control }: TaskMap['forecast']['input'],
  news: (news: RunNews) => void,
): Promise<TaskMap['forecast']['output']> {
  lowerPriority();
  const group = OpenGroup.open(registration, machine, now);
  try {
    return await forecast(group, order, {
      platform: answeringPlatform(group, platform),
      steering: new Steering(control),
      now,
      tell: (reading) => {
        news({ kind: 'forecast', reading });
      },
    });
  } finally {
    group.close();
  }
}

function removeGroup({ registration, purge }: TaskMap['remove']['input']): TaskMap['remove']['output'] {
  return withGroup(registration, (group) => {
    group.lock('group remove');
    try {
      assertNoTestLeft(group, purge);
      const known = sites.flatMap((site) => (group.sides[site].store === null ? [] : group.sides[site].folder));
      const unread = sites.flatMap((site) => (group.sides[site].store === null ? group.sides[site].folder : []));
      return purge ? { left: known.filter((folder) => !purgeFolder(folder)), unread } : { left: [], unread: [] };
    } finally {
      group.unlock();
    }
  });
}

type Handlers = {
  [K in TaskName]: (
    input: TaskMap[K]['input'],
    news: (news: RunNews) => void,
  ) => TaskMap[K]['output'] | Promise<TaskMap[K]['output']>;
};

const handlers: Handlers = {
  view: ({ registration }) => sightOf(registration),
  checks: checksOf,
  prove: readinessOf,
  pulse: ({ registration }) => withGroup(registration, (group) => pulseOf(group, answeringPlatform(group, platform))),
  disks: ({ volumes }) => disksByGroup(volumes, platform),
  forecast: forecastOf,
  browse: ({ path }) => browse(path),
  salvagePlace: ({ file, groups }) => {
    assertNewFile(file, groups, platform);
    return null;
  },
  salvageList: ({ file }) => listSalvage(file),
  salvageApply: ({ request, groups }) => applySalvage(request, groups, platform),
  stamp: ({ files }) => stampOf(files),
  create: ({ request, others }) => ({ registration: createGroup(request, { platform, machine, now: now(), others }) }),
  objections: ({ request, until, others }) => objectionsTo(request, until, { platform, others }),
  set: ({ request, registration, others }) => ({
    registration: setGroup(request, registration, { platform, machine, now, others }),
  }),
  unprotected: ({ groups }) => allUnprotected(groups, { platform, machine, now }),
  'look-at-pairs': ({ request, registration, others }) =>
    lookAtPairs(request, registration, { platform, machine, now, others }),
  'change-pairs': ({ request, registration, others }) => ({
    registration: changePairs(request, registration, { platform, machine, now, others }),
  }),
  adopt: ({ request, known }) => {
    const adopted = adoptGroup(request, known, { platform, machine, now });
    return { ...adopted, runs: runsInStores(adopted.registration) };
  },
  remove: removeGroup,
  'note-test': ({ registration, request, operator }) => {
    const runId = withGroup(registration, (group) => noteResult(group, request, operator));
    return { ...sightOf(registration), runId };
  },
  'show-plan': ({ registration }) => withGroup(registration, showPlan),
  'set-plan': ({ request, registration, operator }) => ({
    registration: setPlan(request, registration, { machine, now, operator }),
  }),
  log: ({ registration, runs, audit }) => {
    appendToStores(registration, runs, audit);
    return null;
  },
  'lay-runbook': ({ registration, page }) => {
    layRunbook(registration, page);
    return null;
  },
  save: ({ file, content }) => {
    saveFile(file, content);
    return null;
  },
  anchors: ({ registration, chain }) => auditAnchors(registration, chain),
  execute: (input, news) => {
    // What was answered to the run before is none of this one's.
    answers = new StepAnswers();
    const reporter: Reporter = {
      step: (title) => {
        news({ kind: 'step', title, at: now().toISOString() });
      },
      detail: (text) => {
        news({ kind: 'detail', text });
      },
      warn: (text) => {
        news({ kind: 'warn', text });
      },
      trace: (text) => {
        news({ kind: 'trace', text });
      },
      reading: toldTo(news),
      pairs: (pairs) => {
        news({ kind: 'pairs', pairs });
      },
      plan: (plan) => {
        news({ kind: 'plan', plan });
      },
      checked: (checks) => {
        news({ kind: 'checked', checks });
      },
    };
    return execute(contextOf(input, input.runId, input.control, reporter));
  },
};

async function handle<K extends TaskName>(id: number, name: K, input: TaskMap[K]['input']): Promise<void> {
  try {
    const output = await handlers[name](input, (news) => {
      answer({ id, kind: 'news', news });
    });
    answer({ id, kind: 'done', output });
  } catch (error) {
    answer({ id, kind: 'failed', error: asReport(error) });
  }
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'are-you-there') answer({ kind: 'here' });
  else if (message.kind === 'answer') answers.give(message.answer);
  // Whoever asked was told that it was given up: it must not happen later.
  else if (Atomics.load(left, 0) === 0) void handle(message.id, message.name, message.input);
});
