/** What is new between two readings of groups and runs: runs that ended, and groups whose health became worse. */
import type { GroupView, Health } from '../../src-main/contract/groups.ts';
import type { Run } from '../../src-main/contract/runs.ts';

export type News = { kind: 'run'; run: Run } | { kind: 'health'; group: GroupView };

const ranks: Record<Health['level'], number> = { ok: 0, warning: 1, critical: 2 };

export class NewsWatch {
  /** Runs that ended before, or were told. */
  readonly #ended = new Set<string>();
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
      if (this.#ended.has(run.id)) continue;
      this.#ended.add(run.id);
      // Old runs come with a group that is brought in from its store.
      const endedAt = Date.parse(run.startedAt) + run.seconds * 1000;
      if (this.#open.delete(run.id) || endedAt >= since) news.push({ kind: 'run', run });
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
