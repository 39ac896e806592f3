/**
 * What is new between two readings of groups and runs: runs that ended, or wait for a person at a step of their plan,
 * groups whose health became worse, and those whose cycles by the clock are held with nothing left to resume. A cycle
 * that began by the clock is none where all went well, or as the one before it.
 */
import type { GroupView, Health } from '../../src-main/contract/groups.ts';
import type { Waiting } from '../../src-main/contract/plan-run.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import type { Outcome, Run } from '../../src-main/contract/runs.ts';
import { schedulerName } from '../../src-main/contract/schedule.ts';

/** `afterAll`: it was said to have ended in another way before, as one that is given up may still end. */
export type News =
  { kind: 'run'; run: Run; afterAll: boolean } | { kind: 'health'; group: GroupView } | { kind: 'waits'; wait: Wait };

/** A run that waits for a person, and for what. */
export interface Wait {
  run: Run;
  waiting: Waiting;
}

/** Tells two waits apart, of one step too that is waited at once more. */
export function keyOfWait({ run, waiting }: Wait): string {
  return `${run.id} ${waiting.step} ${waiting.since}`;
}

const ranks: Record<Health['level'], number> = { ok: 0, warning: 1, critical: 2 };

/** A health that became worse this long after a run ended is that run's doing, milliseconds. */
const runsDoing = 30_000;

function endOf({ startedAt, seconds }: Run): number {
  return Date.parse(startedAt) + seconds * 1000;
}

/** Whether the group's newest run ended just now without success: that it did says why the group is as it is. */
export function toldByItsRun(name: string, runs: readonly Run[], now: number): boolean {
  const last = runs.find(({ groupName, outcome }) => groupName === name && outcome !== null);
  return last !== undefined && last.outcome !== 'succeeded' && now - endOf(last) < runsDoing;
}

/** What goes on with a cycle or takes it back, or is the next one; and which runs leave one that is cut off. */
const endCycles: readonly Operation[] = ['resume', 'rollback', 'sync'];
const cutOffs: readonly Operation[] = [...endCycles, 'protect', 'reprotect', 'planned-failover', 'failback', 'undo'];

/** Whether what was news is none any more: the group is well again, or a later run did what that one could not. */
export function isOver(
  news: News,
  groups: readonly GroupView[],
  runs: readonly Run[],
  waits: readonly Wait[] = [],
): boolean {
  if (news.kind === 'waits') return waits.every((one) => keyOfWait(one) !== keyOfWait(news.wait));
  if (news.kind === 'health') {
    const group = groups.find(({ id }) => id === news.group.id);
    return group === undefined || ranks[group.health.level] < ranks[news.group.health.level];
  }
  const { run } = news;
  return runs.some(
    ({ groupName, operation, outcome, startedAt }) =>
      groupName === run.groupName &&
      outcome === 'succeeded' &&
      startedAt > run.startedAt &&
      (operation === run.operation || (endCycles.includes(operation) && cutOffs.includes(run.operation))),
  );
}

/** Runs that, cut off, leave nothing that a resume goes on with. */
const leavingNothing: readonly Operation[] = ['verify', 'compare', 'test-failover', 'test-cleanup'];

/** The resume that goes on now with what a run was cut off from; null where there is none. `runs`: newest first. */
export function resumeOf(run: Run, runs: readonly Run[]): Run | null {
  if (run.outcome !== 'interrupted' || leavingNothing.includes(run.operation)) return null;
  const goesOn = ({ groupName, operation, outcome, startedAt }: Run): boolean =>
    groupName === run.groupName && operation === 'resume' && outcome === null && startedAt > run.startedAt;
  return runs.find(goesOn) ?? null;
}

export class NewsWatch {
  /** How the runs ended that ended before, or were told. */
  readonly #ended = new Map<string, Outcome>();
  readonly #open = new Set<string>();
  readonly #health = new Map<string, Health['level']>();
  /** Groups whose cycles were held, and nothing cut off, at the reading before. */
  readonly #held = new Set<string>();
  /** The waits that were told. */
  readonly #waits = new Set<string>();
  /** Milliseconds since the epoch; null before the first reading. */
  #since: number | null = null;

  /**
   * Gives what is new since the reading before, oldest first. Of the first one only what was cut off and is not made
   * good, and what waits now, is told: whoever opens the window after a crash has not heard of it.
   */
  look(groups: readonly GroupView[], runs: readonly Run[], now: number, waits: readonly Wait[] = []): News[] {
    const first = this.#since === null;
    this.#since ??= now;
    const news = [...this.#runs(runs, this.#since), ...this.#groups(groups)];
    return [...(first ? cutOff(runs) : news), ...this.#waiting(waits)];
  }

  #waiting(waits: readonly Wait[]): News[] {
    return waits.flatMap((wait): News[] => {
      const key = keyOfWait(wait);
      if (this.#waits.has(key)) return [];
      this.#waits.add(key);
      return [{ kind: 'waits', wait }];
    });
  }

  #runs(runs: readonly Run[], since: number): News[] {
    const news: News[] = [];
    for (const run of runs.toReversed()) {
      if (run.outcome === null) {
        this.#open.add(run.id);
        continue;
      }
      const before = this.#ended.get(run.id);
      if (before === run.outcome) continue;
      this.#ended.set(run.id, run.outcome);
      const afterAll = before !== undefined;
      // Old runs come with a group that is brought in from its store.
      const isNew = this.#open.delete(run.id) || afterAll || endOf(run) >= since;
      if (isNew && !isRoutine(run, runs)) news.push({ kind: 'run', run, afterAll });
    }
    return news;
  }

  #groups(groups: readonly GroupView[]): News[] {
    const news: News[] = [];
    for (const group of groups) {
      const before = this.#health.get(group.id);
      this.#health.set(group.id, group.health.level);
      // What was cut off says more; once it is taken back, that nothing goes on by itself is all there is to say.
      const held = group.byClock?.does === 'hold' && group.cutOff === undefined;
      const newlyHeld = held && !this.#held.has(group.id);
      if (held) this.#held.add(group.id);
      else this.#held.delete(group.id);
      if (before === undefined) continue;
      if (newlyHeld || ranks[group.health.level] > ranks[before]) news.push({ kind: 'health', group });
    }
    return news;
  }
}

/** The newest run that has ended of each group, where its process was taken down with it. `runs`: newest first. */
function cutOff(runs: readonly Run[]): News[] {
  const names = new Set(runs.map(({ groupName }) => groupName));
  return [...names].flatMap((name): News[] => {
    const run = runs.find(({ groupName, outcome }) => groupName === name && outcome !== null);
    return run?.outcome === 'interrupted' ? [{ kind: 'run', run, afterAll: false }] : [];
  });
}

/** `runs`: newest first. */
function isRoutine(run: Run, runs: readonly Run[]): boolean {
  if (run.operator !== schedulerName) return false;
  // What was cut off, and is gone on with by itself, somebody had begun.
  if (run.outcome === 'succeeded') return run.operation === 'sync';
  const before = runs.slice(runs.indexOf(run) + 1).find(({ groupName }) => groupName === run.groupName);
  const alike = before?.outcome === run.outcome && before.error?.message === run.error?.message;
  return alike && before.operator === schedulerName;
}
