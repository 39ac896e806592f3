/** How groups of a plan stand: each is looked at on a thread that a place which does not answer may hold. */
import type { Runs } from '../../catalog/runs.ts';
import type { JoinedRun } from '../../contract/failover-plans.ts';
import type { GroupView } from '../../contract/groups.ts';
import type { Operation } from '../../contract/phases.ts';
import type { Standing } from '../../contract/runs.ts';
import type { GroupBook } from '../group-book.ts';
import { SiteThread } from '../site-thread.ts';

/** Looks at once; each keeps a thread. */
const lanes = 4;

/** They leave a group where it stands, or go on with what was begun of it. */
const notBegun: readonly Operation[] = [
  'sync',
  'resume',
  'verify',
  'compare',
  'drop-point',
  'test-failover',
  'test-cleanup',
];

export async function viewOf(book: GroupBook, group: string): Promise<GroupView> {
  const thread = new SiteThread();
  try {
    return await book.show(group, thread);
  } finally {
    thread.dispose();
  }
}

export function standingOf({ id, version, epoch, phase }: GroupView): Standing {
  return { id, version, epoch, phase };
}

/** Whether the newest operation that was begun on a group belongs to this run of a plan. */
export function isOurs(
  runs: Runs,
  group: string,
  { id, attempts: [first] }: Pick<JoinedRun, 'id' | 'attempts'>,
): boolean {
  for (const { operation, partOf } of runs.back(group, first?.at ?? '')) {
    if (!notBegun.includes(operation)) return partOf?.id === id;
  }
  return false;
}

/** Does `work` for each of these, a few at once, each lane on a thread of its own; the results in their order. */
export async function onLanes<T, R>(
  items: readonly T[],
  work: (item: T, thread: SiteThread) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const lane = async (): Promise<void> => {
    const thread = new SiteThread();
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        results[next[0]] = await work(next[1], thread);
      }
    } finally {
      thread.dispose();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
  return results;
}
