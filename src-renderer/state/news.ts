/**
 * What is new between two readings of groups and runs: runs that ended, and groups whose health became worse. A cycle
 * that began by the clock is none where all went well, or as the one before it.
 */
import type { GroupView, Health } from '../../src-main/contract/groups.ts';
import type { Outcome, Run } from '../../src-main/contract/runs.ts';
import { schedulerName } from '../../src-main/contract/schedule.ts';

/** `afterAll`: it was said to have ended in another way before, as one that is given up may still end. */
export type News = { kind: 'run'; run: Run; afterAll: boolean } | { kind: 'health'; group: GroupView };

const ranks: Record<Health['level'], number> = { ok: 0, warning: 1, critical: 2 };

export class NewsWatch {
  /** How the runs ended that ended before, or were told. */
  readonly #ended = new Map<string, Outcome>();
  readonly #open = new Set<string>();
  readonly #health = new Map<string, Health['level']>();
  /** Milliseconds since the epoch; null before the first reading. */
  #since: number | null = null;

  /** Gives what is new since the reading before, oldest first; the first one is only remembered. */
  look(groups: readonly GroupView[], runs: readonly Run[], now: number): News[] {
    const first = this.#since === null;
    this.#since ??= now;
    const news = [...this.#runs(runs, this.#since), ...this.#groups(groups)];
    return first ? [] : news;
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
      const endedAt = Date.parse(run.startedAt) + run.seconds * 1000;
      const isNew = this.#open.delete(run.id) || afterAll || endedAt >= since;
      if (isNew && !isRoutine(run, runs)) news.push({ kind: 'run', run, afterAll });
    }
    return news;
  }

  #groups(groups: readonly GroupView[]): News[] {
    const news: News[] = [];
    for (const group of groups) {
      const before = this.#health.get(group.id);
      this.#health.set(group.id, group.health.level);
      if (before !== undefined && ranks[group.health.level] > ranks[before]) news.push({ kind: 'health', group });
    }
    return news;
  }
}

/** `runs`: newest first. */
function isRoutine(run: Run, runs: readonly Run[]): boolean {
  if (run.operator !== schedulerName) return false;
  if (run.outcome === 'succeeded') return true;
  const before = runs.slice(runs.indexOf(run) + 1).find(({ groupName }) => groupName === run.groupName);
  const alike = before?.outcome === run.outcome && before.error?.message === run.error?.message;
  return alike && before.operator === schedulerName;
}
