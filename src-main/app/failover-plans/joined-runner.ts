/**
 * Carries failover plans out: the groups of one priority side by side, the next priority when all of the one before are
 * through. Each group gets ordinary runs, started as any other; what is next for it is asked of the group itself.
 */
import type { JoinedRuns } from '../../catalog/joined-runs.ts';
import type { Runs } from '../../catalog/runs.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import type { JoinedRun } from '../../contract/failover-plans.ts';
import type { OperationRequest, OperationResult } from '../../contract/runs.ts';
import { asReport } from '../../protection/errors.ts';
import type { GroupBook } from '../group-book.ts';
import { Later } from '../later.ts';
import type { LogFile } from '../log-file.ts';
import { closedError } from '../start-operation.ts';
import { disksWritten } from './disks-written.ts';
import { takeTurn, type Hands, type Manner } from './take-turn.ts';
import { currentPriority, turnsNow } from './turns.ts';

export interface RunnerPlaces {
  book: GroupBook;
  runs: Runs;
  joined: JoinedRuns;
  log: LogFile;
  /** Starts a run, which was confirmed at that moment (ISO 8601; left out: now), and gives its id. */
  begin: (request: OperationRequest, confirmedAt?: string) => Promise<string>;
  /** Waits for the run's end. */
  result: (runId: string) => Promise<OperationResult>;
  /** Asks a run to stop. */
  cancel: (runId: string) => void;
  /** Told whenever a run of a plan is another than before. */
  changed: (run: JoinedRun) => void;
  /** Takes down how a run of a plan ended. */
  ended: (run: JoinedRun) => void;
}

/** How often it is looked whether another process asked for a stop, milliseconds. */
const askEvery = 500;

interface Going {
  run: JoinedRun;
  manner: Manner;
  end: Promise<JoinedRun>;
}

export class JoinedRunner {
  readonly #places: RunnerPlaces;
  readonly #hands: Hands;
  readonly #going = new Map<string, Going>();
  /** Ends that are not taken down yet: until then the plan counts as being carried out, for all processes. */
  readonly #late = new Later();
  #closing = false;

  constructor(places: RunnerPlaces) {
    this.#places = places;
    const stop: Hands['stop'] = (runId) => {
      this.#cancel(runId);
    };
    const keep: Hands['keep'] = (run) => {
      this.#keep(run);
    };
    this.#hands = { ...places, stop, keep };
  }

  /**
   * Takes the run down and begins with its first groups. `tell` takes down who began it, in the same transaction: where
   * that cannot be, nothing begins. Throws as `tell` and `JoinedRuns.begin`; `cancelled` once closed.
   */
  start(run: JoinedRun, manner: Manner, tell: () => void): void {
    if (this.#closing) throw closedError();
    this.#places.joined.begin(run, tell);
    const going: Going = { run, manner, end: Promise.resolve(run) };
    this.#going.set(run.id, going);
    going.end = this.#toItsEnd(going);
    this.#places.changed(run);
  }

  /** Waits for the end of a run; one that has ended, or is another process's, is given as it is known. */
  result(id: string): Promise<JoinedRun> | JoinedRun {
    return this.#going.get(id)?.end ?? this.#places.joined.get(id);
  }

  /**
   * Runs of groups under way are asked to stop, and no further one begins; gives the run that was stopped. Throws as
   * `JoinedRuns.requestCancel`; what this process carries out is stopped whether or not the catalog can be written.
   */
  cancel(id: string): JoinedRun {
    const going = this.#going.get(id);
    if (going === undefined) return this.#places.joined.requestCancel(id);
    this.#stop(id);
    return going.run;
  }

  /** Stops all and waits for their ends. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const id of this.#going.keys()) this.#stop(id);
    await Promise.all([...this.#going.values()].map(({ end }) => end));
    this.#late.close();
  }

  #stop(id: string): void {
    const run = this.#going.get(id)?.run;
    if (run === undefined || run.cancelling) return;
    run.cancelling = true;
    this.#keep(run);
    for (const { state, runId } of run.turns) if (state === 'running') this.#cancel(runId);
  }

  #cancel(runId: string | null): void {
    try {
      if (runId !== null) this.#places.cancel(runId);
    } catch (thrown) {
      const error = asReport(thrown);
      // It has ended by itself in between. One that could not be told keeps none of the others from being told.
      if (error.code !== 'not-allowed') this.#log('A run of a plan could not be asked to stop', runId, error);
    }
  }

  async #toItsEnd({ run, manner }: Going): Promise<JoinedRun> {
    const timer = setInterval(() => this.#hear(run), askEvery);
    let disks = new Map<string, string[]>();
    const working = new Map<string, Promise<void>>();
    for (let seen: number | null = null; ;) {
      const at = currentPriority(run);
      if (at !== null && at !== seen) disks = await disksWritten(run, at, this.#places);
      seen = at;
      for (const turn of turnsNow(run, (group) => disks.get(group) ?? [])) {
        turn.state = 'running';
        working.set(
          turn.group,
          takeTurn(run, turn, manner, this.#hands).then(() => void working.delete(turn.group)),
        );
      }
      this.#keep(run);
      if (working.size === 0) break;
      await Promise.race(working.values());
    }
    clearInterval(timer);
    for (const turn of run.turns) {
      if (turn.state !== 'waiting') continue;
      turn.state = 'held-back';
      turn.says = run.cancelling ? 'The plan was stopped before its turn.' : 'A group before it is not through.';
    }
    const through = run.turns.every(({ state }) => state === 'done');
    run.outcome = through ? 'succeeded' : this.#closing ? 'interrupted' : run.cancelling ? 'cancelled' : 'stopped';
    run.endedAt = new Date().toISOString();
    this.#going.delete(run.id);
    if (this.#keep(run)) this.#places.ended(run);
    else this.#late.add(run.id, () => this.#endLate(run));
    return run;
  }

  #endLate(run: JoinedRun): void {
    this.#places.joined.save(run);
    this.#places.ended(run);
  }

  #hear(run: JoinedRun): void {
    try {
      if (this.#places.joined.cancelRequested(run.id)) this.#stop(run.id);
    } catch {
      // A catalog that is out of reach keeps no plan from going on.
    }
  }

  /** The catalog is disposable: the plan goes on without it, and where its groups stand is in the stores. */
  #keep(run: JoinedRun): boolean {
    let kept = true;
    try {
      this.#places.joined.save(run);
    } catch (error) {
      kept = false;
      this.#log('How a plan gets on could not be kept', run.id, asReport(error));
    }
    this.#places.changed(structuredClone(run));
    return kept;
  }

  #log(what: string, run: string | null, error: ErrorReport): void {
    this.#places.log.write('error', what, { run, error });
  }
}
