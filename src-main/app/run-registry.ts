/**
 * The runs of this process: each on a thread of its own, with its progress pushed and persisted, obeying what is asked
 * of it here or by another process on the same catalog. A run that a device holds is given up after a grace time, and
 * that is said.
 */
import { randomUUID } from 'node:crypto';
import type { PushReport } from '../contract/contract.ts';
import { SitepairError, type ErrorReport } from '../contract/errors.ts';
import type { ChunkMap, OperationRequest, OperationResult, Run } from '../contract/runs.ts';
import { schedulerName } from '../contract/schedule.ts';
import type { RunRequests } from '../catalog/run-requests.ts';
import type { Runs } from '../catalog/runs.ts';
import { clearMap, createMap, readMap } from '../engine/chunk-map.ts';
import { createControl, Steering } from '../engine/control.ts';
import { asReport } from '../protection/errors.ts';
import type { RunEnd } from '../protection/execute.ts';
import type { Registration } from '../protection/registration.ts';
import type { OperationOrder } from '../protection/run-context.ts';
import type { RunNews } from '../protection/tasks.ts';
import { allPairs, byNumber, volumePaths } from '../store/pairs.ts';
import { givenUp } from './given-up.ts';
import { IdleTime } from './idle-time.ts';
import { laneCount } from './lane-count.ts';
import type { LogFile } from './log-file.ts';
import { ProgressMeter } from './progress.ts';
import { hearNews } from './run-news.ts';
import { endRun, interruptRun, resultOf } from './run-outcome.ts';
import { Pace } from './schedule/pace.ts';
import { SiteThread } from './site-thread.ts';

const pushEvery = 200;
const persistEvery = 1000;
/** How many runs that have ended are remembered with all that they came to; the catalog has all of them. */
const remembered = 100;

export interface RunHost {
  runs: Runs;
  requests: RunRequests;
  push: (progress: PushReport<'run.progress'>) => void;
  log: LogFile;
  /** Takes down that a run begins, where `assertMay` does not throw then. Where it throws, the run does not begin. */
  begun: (run: Run, request: OperationRequest, assertMay: () => void) => void;
  /**
   * Takes down how a run ended, in the catalog and in the stores; gives what kept the catalog from taking it, or null.
   * `thread` is the run's own, free again; null where it was left behind. `told`: how it was said to have ended before,
   * when it was given up.
   */
  ended: (
    run: Run,
    registration: Registration,
    end: RunEnd | null,
    thread: SiteThread | null,
    told?: Run['outcome'],
  ) => Promise<ErrorReport | null>;
}

interface ActiveRun {
  run: Run;
  steering: Steering;
  result: Promise<OperationResult>;
  chunkSizeBytes: number;
  /** In the order in which figures are kept. */
  pairIds: string[];
}

/** A run that was given up, and what still belongs to it. */
interface LeftBehind {
  execution: Promise<RunEnd>;
  thread: SiteThread;
  meter: ProgressMeter;
  warnings: string[];
}

/** What is looked at while a run goes on. */
interface Watched extends Pick<LeftBehind, 'meter' | 'thread'> {
  idle: IdleTime;
  steering: Steering;
  pace: Pace;
}

export class RunRegistry {
  readonly #host: RunHost;
  readonly #active = new Map<string, ActiveRun>();
  readonly #results = new Map<string, Promise<OperationResult>>();
  /** The thread of a run that has ended, for the next one: to start a thread takes longer than many a run. */
  #spare: SiteThread | null = null;
  #closed = false;
  /** Runs that the end of this program cut off. */
  readonly #cutOff = new Set<string>();

  constructor(host: RunHost) {
    this.#host = host;
  }

  /** Gives the run's id. Throws what kept its begin from being taken down. */
  start(order: OperationOrder, assertMay: () => void = () => undefined): string {
    const id = randomUUID();
    const { request } = order;
    const { definition } = order.registration;
    const pairs = allPairs(definition);
    const bytes = pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
    const { chunkSizeBytes } = definition.policy;
    const ordered = byNumber(pairs);
    const map = createMap(ordered.map(({ sizeBytes }) => Math.ceil(sizeBytes / chunkSizeBytes)));
    const control = createControl(laneCount(bytes), pairs.length, map, volumePaths(pairs));
    const steering = new Steering(control);
    const pace = new Pace(definition.policy);
    steering.limit(pace.change(new Date()) ?? null);
    const run: Run = {
      id,
      operation: request.operation,
      groupName: request.group,
      operator: order.operator,
      startedAt: new Date().toISOString(),
      ...(order.confirmedAt === undefined ? {} : { confirmedAt: order.confirmedAt }),
      outcome: null,
      seconds: 0,
      bytesCompared: 0,
      bytesDiffering: 0,
      bytesWritten: 0,
      bytesSkipped: 0,
      ...(order.forecast === undefined ? {} : { forecast: order.forecast }),
      steps: [],
      accepted: [],
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      ...(request.partOf === undefined ? {} : { partOf: request.partOf }),
    };
    this.#host.begun(run, request, assertMay);
    const result = this.#carryOut(run, order, steering, pace);
    this.#active.set(id, { run, steering, result, chunkSizeBytes, pairIds: ordered.map((pair) => pair.id) });
    this.#results.set(id, result);
    return id;
  }

  /** Waits for a run of this process; of those that have ended it knows the newest. Throws `run-unknown`. */
  result(id: string): Promise<OperationResult> {
    const known = this.#results.get(id);
    if (known !== undefined) return known;
    throw new SitepairError({
      code: 'run-unknown',
      message: `The run ${id} was not started by this process, or ended many runs ago.`,
      where: id,
      remedy: 'See how it ended with: sitepair runs show ID',
    });
  }

  /** What became of a pair's chunks so far; null for runs that are none of this process, or have ended. */
  chunkMap(id: string, pairId: string, cells: number): ChunkMap | null {
    const active = this.#active.get(id);
    const map = active?.steering.shared.map;
    if (active === undefined || !map) return null;
    const read = readMap(map, active.pairIds.indexOf(pairId), cells);
    return read === null ? null : { cells: read.digits, bytesPerCell: read.chunksPerCell * active.chunkSizeBytes };
  }

  /** Whether a run is carried out by this process. */
  isOurs(id: string): boolean {
    return this.#active.has(id);
  }

  steering(id: string): Steering | null {
    return this.#active.get(id)?.steering ?? null;
  }

  /** Cancels what runs, waits, bounded, for its end, and lets go of the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { run, steering } of this.#active.values()) {
      // Who ends the program stops no cycle for good that began by the clock: it is gone on with by the clock.
      if (run.operator === schedulerName && steering.state !== 'cancel') this.#cutOff.add(run.id);
      steering.cancel();
    }
    await Promise.allSettled([...this.#active.values()].map((active) => active.result));
    this.#spare?.dispose();
    this.#spare = null;
  }

  async #carryOut(run: Run, order: OperationOrder, steering: Steering, pace: Pace): Promise<OperationResult> {
    const { request, registration } = order;
    const thread = this.#spare ?? new SiteThread();
    this.#spare = null;
    const meter = new ProgressMeter(run, request, steering);
    const idle = new IdleTime(run);
    const warnings: string[] = [];
    const news = (told: RunNews): void => {
      if (told.kind === 'trace') this.#host.log.write('error', told.text, { run: run.id });
      if (told.kind === 'pairs' && steering.shared.map) clearMap(steering.shared.map);
      hearNews(run, { meter, idle, warnings }, told);
      this.#keepNow(run, meter, told);
    };
    const timer = this.#watch(run, { meter, idle, steering, pace, thread });
    const patience = givenUp(steering, meter);
    const execution = thread.ask('execute', { ...order, runId: run.id, control: steering.shared }, news);
    let end: RunEnd | null = null;
    let error: ErrorReport | null = null;
    try {
      end = await Promise.race([execution, patience.ended]);
    } catch (thrown) {
      error = asReport(thrown);
    } finally {
      clearInterval(timer);
      patience.stop();
    }
    idle.note(false);
    endRun(run, { end, error, figures: meter.figures(), warnings });
    if (this.#cutOff.has(run.id)) interruptRun(run);
    this.#logEnd(run);
    const last = meter.snapshot();
    this.#host.push(run.outcome === 'succeeded' && last.percent !== null ? { ...last, percent: 100 } : last);
    const free = end !== null && !end.threadLeft;
    const unrecorded = await this.#host.ended(run, registration, end, free ? thread : null);
    if (unrecorded !== null) {
      warnings.push(
        `How the run ended is in the stores, but not in the catalog. ${unrecorded.message} ${unrecorded.remedy}`,
      );
    }
    this.#active.delete(run.id);
    this.#forgetOld();
    if (free) this.#keep(thread);
    if (end === null) void this.#comesToItsEnd({ ...run }, order, { execution, thread, meter, warnings });
    return resultOf(run, end, warnings);
  }

  /** A run that was given up may still end, once its device answers: then that is how it ended. */
  async #comesToItsEnd(run: Run, { registration }: OperationOrder, left: LeftBehind): Promise<void> {
    const { execution, thread, meter, warnings } = left;
    const end = await execution.catch(() => null);
    if (end === null || this.#closed) return;
    const told = run.outcome;
    endRun(run, { end, error: null, figures: meter.figures(), warnings });
    this.#logEnd(run);
    this.#results.set(run.id, Promise.resolve(resultOf(run, end, warnings)));
    this.#forgetOld();
    await this.#host.ended(run, registration, end, null, told);
    if (!end.threadLeft) thread.dispose();
  }

  #logEnd({ id, operation, groupName, outcome, seconds, error }: Run): void {
    const words = `${operation} ${outcome ?? ''}`;
    this.#host.log.write(error === undefined ? 'info' : 'error', words, { run: id, group: groupName, seconds, error });
  }

  #forgetOld(): void {
    const ended = [...this.#results.keys()].filter((id) => !this.#active.has(id));
    for (const id of ended.slice(0, -remembered)) this.#results.delete(id);
  }

  #keep(thread: SiteThread): void {
    if (this.#spare === null) this.#spare = thread;
    else thread.dispose();
  }

  /** What steps printed, and what was checked, outlives a kill; that a run waits is known before it is answered. */
  #keepNow(run: Run, meter: ProgressMeter, told: RunNews): void {
    const plan = told.kind === 'plan' ? told.plan : null;
    const stepEnded = plan?.kind === 'step' && plan.step.state !== 'running';
    try {
      if (plan?.kind === 'waiting') this.#host.runs.saveProgress(meter.snapshot());
      if (stepEnded || told.kind === 'checked') this.#host.runs.save(run);
    } catch {
      // The catalog is disposable: the run goes on without it, and its end is in the stores.
    }
  }

  /** Pushes and persists progress, and looks at what is asked of the run. */
  #watch(run: Run, { meter, idle, steering, pace, thread }: Watched): NodeJS.Timeout {
    // By a clock that nobody sets: what is asked of the run is heard whatever the one on the wall shows.
    let persisted = -Infinity;
    let limit: number | null | undefined;
    let paused = false;
    return setInterval(() => {
      idle.note(meter.idle);
      const snapshot = meter.snapshot();
      this.#host.push(snapshot);
      if (performance.now() - persisted < persistEvery) return;
      persisted = performance.now();
      const paced = pace.change(new Date());
      if (paced !== undefined) steering.limit(paced);
      try {
        this.#host.runs.saveProgress(snapshot);
        const wishes = this.#host.requests.wishes(run.id);
        for (const answer of this.#host.requests.takeAnswers(run.id)) thread.answer(answer);
        if (wishes.cancel) steering.cancel();
        if (wishes.pause !== paused) {
          paused = wishes.pause;
          if (paused) steering.pause();
          else steering.continue();
        }
        if (wishes.limit !== null && wishes.limit.bytesPerSecond !== limit) {
          limit = wishes.limit.bytesPerSecond;
          steering.limit(limit);
        }
      } catch {
        // The catalog is disposable: a run goes on without it, and its outcome is in the stores.
      }
    }, pushEvery);
  }
}
