/** A runner of failover plans over an installation's catalog; a test may get between its decisions and its deeds. */
import type { TestContext } from 'vitest';
import { GroupBook } from '../../src-main/app/group-book.ts';
import { JoinedRunner } from '../../src-main/app/failover-plans/joined-runner.ts';
import { LogFile } from '../../src-main/app/log-file.ts';
import { SiteThread } from '../../src-main/app/site-thread.ts';
import { openCatalog, type Catalog } from '../../src-main/catalog/database.ts';
import { JoinedRuns } from '../../src-main/catalog/joined-runs.ts';
import { Runs } from '../../src-main/catalog/runs.ts';
import type { Application } from '../../src-main/contract/contract.ts';
import type { JoinedRun, JointOperation } from '../../src-main/contract/failover-plans.ts';
import type { OperationRequest } from '../../src-main/contract/runs.ts';

/** What a plan knows of the groups of an installation. */
export function groupBookAt(home: string, context: TestContext): { book: GroupBook; catalog: Catalog } {
  const catalog = openCatalog(home);
  const thread = new SiteThread();
  const book = new GroupBook(catalog, thread, ({ view }) => view);
  context.onTestFinished(() => {
    book.dispose();
    thread.dispose();
    catalog.close();
  });
  return { book, catalog };
}

/** `before`: what happens between what the runner decides for a group and the begin of its run. */
export function runnerAt(
  home: string,
  application: Application,
  context: TestContext,
  before: (request: OperationRequest) => Promise<void>,
): JoinedRunner {
  const { book, catalog } = groupBookAt(home, context);
  const runner = new JoinedRunner({
    book,
    runs: new Runs(catalog),
    joined: new JoinedRuns(catalog),
    log: new LogFile(home),
    begin: async (request) => {
      await before(request);
      return (await application.invoke('operations.start', request)).runId;
    },
    result: (runId) => application.invoke('operations.result', { runId }),
    cancel: (id) => void application.invoke('runs.cancel', { id }),
    changed: () => undefined,
    ended: () => undefined,
  });
  context.onTestFinished(() => runner.close());
  return runner;
}

/** A run of the plan "lost" that is about to begin, over groups of one priority. */
export function newPlanRun(operation: JointOperation, ...groups: readonly string[]): JoinedRun {
  return {
    id: 'plan-run',
    plan: 'lost',
    operation,
    to: operation === 'failover' || operation === 'planned-failover' ? 'recovery' : null,
    onFailure: 'stop',
    atOnce: 4,
    attempts: [{ at: new Date().toISOString(), operator: 'tester' }],
    endedAt: null,
    outcome: null,
    cancelling: false,
    turns: groups.map((group) => ({
      ...{ group, priority: 1, state: 'waiting', says: '', runId: null, outcome: null, accept: [] },
    })),
  };
}

/** The same, over groups that were known as it began. */
export async function knownPlanRun(
  application: Application,
  operation: JointOperation,
  ...groups: readonly string[]
): Promise<JoinedRun> {
  const run = newPlanRun(operation, ...groups);
  for (const turn of run.turns) {
    turn.groupId = (await application.invoke('groups.show', { name: turn.group })).group.id;
  }
  return run;
}
