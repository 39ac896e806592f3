/**
 * What this window's program has at work: what must not be forgotten when the window is closed, and whose end is told.
 * That is the runs that its page started, those that this process began by the clock, its drill, the groups that it
 * verifies in turn, and failover plans. That a run waits for a person is told as well; the end of a cycle by the clock
 * is not. Alerts are told beside, whichever process saw them.
 */
import { calls, type Application, type CallInput, type CallName, type CallOutput } from '../contract/contract.ts';
import type { PlayedDrill } from '../contract/drill.ts';
import type { JoinedRun } from '../contract/failover-plans.ts';
import type { Waiting } from '../contract/plan-run.ts';
import type { OperationResult } from '../contract/runs.ts';
import { schedulerName } from '../contract/schedule.ts';
import type { VerifyQueue } from '../contract/verify-queue.ts';
import {
  endOfAlert,
  endOfDrill,
  endOfPlan,
  endOfRun,
  endOfVerifies,
  waitOfRun,
  type Ending,
  type RunWork,
  type Work,
} from './work-words.ts';

/** How many of them are remembered. */
const cancelledKept = 100;

export class OwnWork {
  /** The application, watched: pages are to be given this one. */
  readonly application: Application;
  readonly #real: Application;
  readonly #runs = new Map<string | symbol, RunWork>();
  /** Since when each waits for a person, as it was told. */
  readonly #waits = new Map<string, string>();
  /** What began by the clock, by the id of the run. */
  readonly #cycles = new Map<string, Work>();
  /** The last runs that were told to be cancelled: one that was given up may still come to another end. */
  #cancelled: readonly string[] = [];
  /** That of the application, or the one before it. */
  #drill: PlayedDrill | null = null;
  #verifies: VerifyQueue | null = null;
  /** Failover plans that are carried out, by the id of their run. */
  readonly #plans = new Map<string, JoinedRun>();
  readonly #changed: () => void;
  readonly #ended: (ending: Ending) => void;

  /** `changed` is called when something else goes on than before, `ended` with what is to be told of an end. */
  constructor(real: Application, changed: () => void, ended: (ending: Ending) => void) {
    this.#real = real;
    this.#changed = changed;
    this.#ended = ended;
    this.application = {
      subscribe: (name, listener) => real.subscribe(name, listener),
      close: () => real.close(),
      invoke: (name, input) => this.#invoke(name, input),
    };
    real.subscribe('run.begun', ({ runId, operation, group, operator }) => {
      if (operator !== schedulerName) return;
      this.#cycles.set(runId, { kind: 'cycle', operation, group });
      this.#changed();
    });
    real.subscribe('run.ended', ({ runId }) => {
      if (this.#cycles.delete(runId)) this.#changed();
      void this.#hearEnd(runId);
    });
    real.subscribe('run.progress', ({ runId, plan }) => this.#hearWait(runId, plan?.waiting ?? null));
    real.subscribe('alert.raised', (alert) => this.#ended(endOfAlert(alert)));
    real.subscribe('drill.changed', (drill) => this.#hearDrill(drill));
    real.subscribe('verify.changed', (queue) => this.#hearVerifies(queue));
    real.subscribe('failover-plan.changed', (run) => this.#hearPlan(run));
  }

  /** All that goes on. */
  get going(): Work[] {
    const waiting = this.#verifies?.turns.filter(({ state }) => state === 'waiting' || state === 'running') ?? [];
    return [
      ...this.#runs.values(),
      ...this.#cycles.values(),
      ...(this.#verifies === null ? [] : [{ kind: 'verifies' as const, groups: waiting.map(({ group }) => group) }]),
      ...[...this.#plans.values()].map(({ plan, operation }) => ({ kind: 'plan' as const, plan, operation })),
      ...(this.#drill === null ? [] : [{ kind: 'drill' as const }]),
    ];
  }

  /** How many groups have their cycles begun by this process; none where that is not known. */
  async groupsByTheClock(): Promise<number> {
    try {
      const { scheduler, turns } = await this.#real.invoke('schedule.show', {});
      return scheduler?.here === true ? turns.filter(({ at }) => at !== null).length : 0;
    } catch {
      // Whoever closes the window is not kept by a catalog that is out of reach.
      return 0;
    }
  }

  async #invoke<K extends CallName>(name: K, input: CallInput<K>): Promise<CallOutput<K>> {
    const asked = name === 'operations.start' ? calls['operations.start'].input.safeParse(input) : null;
    // What does not fit is refused by the application, in its words.
    if (!asked?.success) return this.#real.invoke(name, input);
    const { operation, group } = asked.data;
    // A start may take a while, as others make way for it: it counts from here on.
    const starting = Symbol('a start');
    this.#runs.set(starting, { kind: 'run', operation, group });
    this.#changed();
    try {
      const output = await this.#real.invoke(name, input);
      const { runId } = calls['operations.start'].output.parse(output);
      this.#runs.set(runId, { kind: 'run', operation, group });
      void this.#follow(runId);
      return output;
    } finally {
      this.#runs.delete(starting);
      this.#changed();
    }
  }

  async #follow(runId: string): Promise<void> {
    let result: OperationResult | null = null;
    try {
      result = await this.#real.invoke('operations.result', { runId });
    } catch {
      // How it ended is in the list of runs; there is nothing to tell from here.
    }
    this.#runs.delete(runId);
    this.#waits.delete(runId);
    this.#changed();
    if (result === null) return;
    if (result.run.outcome === 'cancelled') this.#cancelled = [...this.#cancelled, runId].slice(-cancelledKept);
    this.#ended(endOfRun(result));
  }

  async #hearEnd(runId: string): Promise<void> {
    if (!this.#cancelled.includes(runId)) return;
    try {
      const result = await this.#real.invoke('operations.result', { runId });
      if (result.run.outcome === 'cancelled') return;
      this.#cancelled = this.#cancelled.filter((id) => id !== runId);
      this.#ended(endOfRun(result, true));
    } catch {
      // How it ended is in the list of runs.
    }
  }

  /** A run of this window waits for a person, who may look elsewhere: that is told once. */
  #hearWait(runId: string, waiting: Waiting | null): void {
    const work = this.#runs.get(runId);
    if (work === undefined || waiting === null || this.#waits.get(runId) === waiting.since) return;
    this.#waits.set(runId, waiting.since);
    this.#ended(waitOfRun(runId, work, waiting));
  }

  #hearDrill(drill: PlayedDrill): void {
    const goesOn = drill.state !== 'ended';
    if (goesOn === (this.#drill !== null)) return;
    this.#drill = goesOn ? drill : null;
    this.#changed();
    // Who stopped it knows.
    if (!goesOn && drill.report.verdict !== 'cancelled') this.#ended(endOfDrill(drill));
  }

  #hearPlan(run: JoinedRun): void {
    const known = this.#plans.has(run.id);
    if (run.outcome === null) this.#plans.set(run.id, run);
    else this.#plans.delete(run.id);
    if (known !== (run.outcome === null)) this.#changed();
    // Who stopped it knows.
    if (known && (run.outcome === 'succeeded' || run.outcome === 'stopped')) this.#ended(endOfPlan(run));
  }

  #hearVerifies(queue: VerifyQueue): void {
    const goesOn = queue.state !== 'ended';
    this.#verifies = goesOn ? queue : null;
    this.#changed();
    const stopped = queue.turns.some(({ state, outcome }) => state === 'left-out' || outcome === 'cancelled');
    if (!goesOn && !stopped) this.#ended(endOfVerifies(queue));
  }
}
