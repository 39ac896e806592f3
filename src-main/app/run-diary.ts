/**
 * What is taken down of a run from its begin to its end: its record in the catalog, who did and asked what in the audit
 * log, and both in the stores, so that they outlive the catalog.
 */
import { setImmediate } from 'node:timers/promises';
import type { Catalog } from '../catalog/database.ts';
import type { Runs } from '../catalog/runs.ts';
import type { ErrorReport } from '../contract/errors.ts';
import type { OperationRequest, Outcome, Run } from '../contract/runs.ts';
import { asReport } from '../protection/errors.ts';
import type { RunEnd } from '../protection/execute.ts';
import type { Registration } from '../protection/registration.ts';
import type { AnchoredEntry } from '../protection/run-log.ts';
import type { GroupBook } from './group-book.ts';
import { Later } from './later.ts';
import type { LogFile } from './log-file.ts';
import type { Runbooks } from './runbooks.ts';
import type { SiteThread } from './site-thread.ts';
import type { Trail } from './trail.ts';

/** Runs that are taken in at once: some milliseconds. */
const batch = 100;

/** What can be asked of a run that goes on. */
export type Wish = 'cancel' | 'pause' | 'continue' | 'limit' | 'answer';

interface Places {
  catalog: Catalog;
  runs: Runs;
  trail: Trail;
  book: GroupBook;
  log: LogFile;
  /** For stores, where a run has no thread of its own any more. */
  thread: SiteThread;
  runbooks: Runbooks;
}

export class RunDiary {
  readonly #places: Places;
  /** The first audit entry of each run of this process that goes on. */
  readonly #since = new Map<string, number>();
  /** Ends of runs that are not taken down yet: until then they count as going on, for all processes. */
  readonly #late = new Later();

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * Takes down that a run begins, wholly or not at all. Throws as `Catalog.write`, and what `assertMay` does, which is
   * asked in the same transaction; the run must not begin then.
   */
  begun(run: Run, request: OperationRequest, assertMay: () => void): void {
    const { catalog, runs, trail } = this.#places;
    const { sequence } = catalog.write(() => {
      assertMay();
      runs.start(run);
      return trail.append(`${run.operation} started`, run.groupName, run.id, { ...request }, run.operator);
    });
    this.#since.set(run.id, sequence);
  }

  /** Takes down what somebody asked of a run. What was asked is done whether or not that can be written. */
  asked(id: string, wish: Wish, detail: Record<string, unknown> = {}): void {
    const { runs, trail } = this.#places;
    this.#unlessItFails('What was asked of a run is not in the audit log', id, () => {
      const { operation, groupName } = runs.get(id);
      trail.append(`${operation} ${wish} asked`, groupName, id, detail);
    });
  }

  /**
   * Takes down how a run ended; gives what kept the catalog from taking it, or null: then that is tried again. The
   * stores are told even so, by the run's own thread where it is free. `told`: how it was said to have ended before,
   * when it was given up.
   */
  async ended(
    run: Run,
    registration: Registration,
    end: RunEnd | null,
    free: SiteThread | null,
    told?: Outcome | null,
  ): Promise<ErrorReport | null> {
    const { runs, book, trail, thread, runbooks } = this.#places;
    const since = this.#since.get(run.id) ?? 0;
    this.#late.forget(run.id);
    let entries: AnchoredEntry[] = [];
    let present = registration;
    let failure: ErrorReport | null = null;
    try {
      runs.save(run);
      if (end !== null) {
        present = book.remember(registration, end);
        book.left(end.group);
      }
      const last = this.#appendEnd(run, told === undefined ? 'ended' : 'ended after all', run.operator);
      entries = told === undefined ? trail.ofRun(run.id, since) : [last];
    } catch (thrown) {
      failure = asReport(thrown);
      const known = present;
      this.#late.add(run.id, () => this.#endLate(run, known, since, told));
    }
    this.#since.delete(run.id);
    await this.#tellStores(free ?? thread, present, run, entries);
    if (end !== null) await runbooks.lay(present, end.group, free ?? thread);
    return failure;
  }

  /** Tries once more what could not be taken down. */
  close(): void {
    this.#late.close();
  }

  #endLate(run: Run, registration: Registration, since: number, told?: Outcome | null): void {
    const { catalog, runs, trail, thread } = this.#places;
    const entries = catalog.write(() => {
      runs.save(run);
      const last = this.#appendEnd(run, told === undefined ? 'ended' : 'ended after all', run.operator);
      return told === undefined ? trail.ofRun(run.id, since) : [last];
    });
    void this.#tellStores(thread, registration, run, entries);
  }

  /** Takes in the runs that stores know, a few at a time, so that nothing else waits for the many. */
  async bringBack(known: readonly Run[]): Promise<void> {
    for (let at = 0; at < known.length; at += batch) {
      this.#places.runs.bringBack(known.slice(at, at + batch));
      await setImmediate();
    }
  }

  /** Ends the runs whose process is gone, here and in the stores that answer, which nobody waits for. */
  endAbandoned(): void {
    const { runs, book, trail, thread } = this.#places;
    for (const run of runs.markAbandoned()) {
      this.#unlessItFails('The end of an abandoned run is not in the audit log', run.id, () => {
        this.#appendEnd(run, 'ended', run.operator);
        void this.#tellStores(thread, book.registration(run.groupName), run, trail.ofRun(run.id, 0));
      });
    }
  }

  #appendEnd(run: Run, action: string, operator: string): AnchoredEntry {
    const { outcome, bytesWritten, pointId, error } = run;
    // What the operator took upon himself is no more than what was found then.
    const accepted = (run.report?.checks ?? [])
      .filter((check) => check.accepted)
      .map(({ id, found }) => ({ check: id, found }));
    const facts = { outcome, bytesWritten, pointId, accepted, error: error?.code };
    return this.#places.trail.append(`${run.operation} ${action}`, run.groupName, run.id, facts, operator);
  }

  /** A store that hangs lacks these lines, as one that cannot be written does. */
  async #tellStores(thread: SiteThread, registration: Registration, run: Run, audit: AnchoredEntry[]): Promise<void> {
    try {
      await thread.ask('log', { registration, runs: [run], audit });
    } catch (thrown) {
      this.#note('The stores were not told how a run ended', run.id, thrown);
    }
  }

  #unlessItFails(otherwise: string, id: string, work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#note(otherwise, id, thrown);
    }
  }

  #note(what: string, id: string, thrown: unknown): void {
    this.#places.log.write('error', what, { run: id, error: asReport(thrown) });
  }
}
