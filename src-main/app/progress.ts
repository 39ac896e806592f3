/**
 * Snapshots of a running operation, from the counters that its threads write. Percent and bytes are measured; the time
 * left is a range from the slowest and the fastest rate of the last while.
 */
import type { PlanProgress } from '../contract/plan-run.ts';
import type { Range } from '../contract/forecast.ts';
import type { OperationRequest, Progress, Run, RunFigures } from '../contract/runs.ts';
import type { Steering } from '../engine/control.ts';
import type { PairAhead, PlanNews } from '../protection/run-context.ts';
import { RateWindow, secondsFor } from './rate-window.ts';

/** A device call that takes longer than this is said to be stalled, milliseconds. */
const stalledAfter = 3000;
/** How much of what a step prints is shown while it runs, characters; all that is kept is in the run. */
const outputShown = 4000;

export class ProgressMeter {
  readonly #run: Pick<Run, 'id' | 'forecast'>;
  readonly #request: OperationRequest;
  readonly #steering: Steering;
  readonly #startedAt = Date.now();
  #step = 'Starting';
  #pairs: PairAhead[] = [];
  /** Null where the run has no steps of a plan. */
  #plan: PlanProgress | null = null;
  /** Figures at the beginning of the step: counters run on over several steps. */
  #base: RunFigures[] = [];
  readonly #window = new RateWindow();
  #percent = 0;
  /** How far checks of this step are that read all of the volumes; what they read is not in the figures. */
  #reading: { bytesRead: number; bytesTotal: number } | null = null;

  constructor(run: Pick<Run, 'id' | 'forecast'>, request: OperationRequest, steering: Steering) {
    this.#run = run;
    this.#request = request;
    this.#steering = steering;
  }

  step(title: string): void {
    this.#step = title;
    this.#reading = null;
  }

  reading(bytesRead: number, bytesTotal: number): void {
    if (this.#reading === null || bytesRead < this.#reading.bytesRead) this.#begin();
    this.#reading = { bytesRead, bytesTotal };
  }

  /** What is said of the steps of the plan. */
  plan(news: PlanNews): void {
    const known = this.#plan ?? { steps: [], output: '', waiting: null };
    if (news.kind === 'steps') this.#plan = { ...known, steps: news.steps };
    else if (news.kind === 'waiting') this.#plan = { ...known, waiting: news.waiting };
    else this.#plan = { ...known, output: news.step.output.slice(-outputShown) };
  }

  /** Whether it is paused, or waits for a person. */
  get idle(): boolean {
    return this.#steering.state === 'pause' || (this.#plan !== null && this.#plan.waiting !== null);
  }

  pairs(pairs: PairAhead[]): void {
    this.#base = pairs.map((_, n) => this.#steering.figures(n));
    this.#pairs = pairs;
    this.#reading = null;
    this.#begin();
  }

  #begin(): void {
    this.#window.clear();
    this.#percent = 0;
  }

  /** The figures of the whole run so far. */
  figures(): RunFigures {
    const sum: RunFigures = { bytesCompared: 0, bytesDiffering: 0, bytesWritten: 0, bytesSkipped: 0 };
    for (let pair = 0; pair < this.#steering.shared.pairCount; pair += 1) {
      const figures = this.#steering.figures(pair);
      sum.bytesCompared += figures.bytesCompared;
      sum.bytesDiffering += figures.bytesDiffering;
      sum.bytesWritten += figures.bytesWritten;
      sum.bytesSkipped += figures.bytesSkipped;
    }
    return sum;
  }

  #expected(pairs: readonly { bytesWritten: number }[]): Pick<Progress, 'bytesExpected'> {
    const { forecast } = this.#run;
    if (forecast === undefined || pairs.length === 0 || this.#reading !== null) return {};
    const written = pairs.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
    return { bytesExpected: refined(forecast.copy, written, this.#percent) };
  }

  snapshot(): Progress {
    const now = Date.now();
    const pairs = this.#pairs.map((pair, n) => {
      const present = this.#steering.figures(n);
      const base = this.#base[n] ?? present;
      const figures = {
        bytesCompared: present.bytesCompared - base.bytesCompared,
        bytesDiffering: present.bytesDiffering - base.bytesDiffering,
        bytesWritten: present.bytesWritten - base.bytesWritten,
        bytesSkipped: present.bytesSkipped - base.bytesSkipped,
      };
      const gone = figures.bytesCompared + figures.bytesSkipped;
      const state = gone === 0 ? 'waiting' : gone >= pair.bytesTotal ? 'done' : 'running';
      const { pairId, path, bytesTotal, bytesOfData } = pair;
      const percent = percentOf(pair, figures);
      return { pairId, path, bytesTotal, bytesOfData, percent, ...figures, state } as const;
    });
    const total = this.#reading?.bytesTotal ?? this.#pairs.reduce((sum, pair) => sum + pair.bytesOfData, 0);
    const gone = this.#reading?.bytesRead ?? this.#pairs.reduce((sum, pair, n) => sum + readOf(pair, pairs[n]), 0);
    this.#percent = Math.max(
      this.#percent,
      total === 0 ? percentOfNothing(pairs) : Math.min(100, (100 * gone) / total),
    );
    const call = this.#steering.longestCall();
    const stalled = call !== null && now - call.since > stalledAfter;
    const state = { cancel: 'cancelling', pause: 'paused', run: stalled ? 'stalled' : 'running' } as const;
    const rates = this.#window.rates(now, gone);
    const unread = this.#pairs.reduce((sum, _, n) => sum + this.#steering.figures(n).bytesUnread, 0);
    return {
      runId: this.#run.id,
      operation: this.#request.operation,
      groupName: this.#request.group,
      state: state[this.#steering.state],
      step: this.#step,
      percent: total === 0 && pairs.length === 0 ? null : this.#percent,
      bytesPerSecond: rates === null ? null : rates.mean,
      secondsLeft: secondsFor(total - gone, rates),
      elapsedSeconds: (now - this.#startedAt) / 1000,
      limitBytesPerSecond: this.#steering.limitInForce,
      figures: this.figures(),
      pairs,
      ...this.#expected(pairs),
      ...(unread === 0 ? {} : { bytesUnread: unread }),
      ...(this.#plan === null ? {} : { plan: this.#plan }),
      stalledSince: stalled ? new Date(call.since).toISOString() : null,
      ...(stalled && call.volume !== null ? { stalledVolume: call.volume } : {}),
    };
  }
}

/** What the forecast `copy` (bytes) has become where `written` are copied by now and `percent` is gone through. */
export function refined(copy: Range, written: number, percent: number): Range {
  const left = 1 - percent / 100;
  return { low: Math.round(written + left * copy.low), high: Math.round(written + left * copy.high) };
}

/**
 * Bytes of a pair's data that have been read. Holes are passed over in no time, so they count neither for the rate nor
 * for what is left; of a pair that is through, all has been read, whatever its volume's holes were when it began.
 */
function readOf(pair: PairAhead, seen: RunFigures | undefined): number {
  if (seen === undefined) return 0;
  const through = seen.bytesCompared + seen.bytesSkipped >= pair.bytesTotal;
  return through ? pair.bytesOfData : Math.min(pair.bytesOfData, seen.bytesCompared);
}

/** How far a pair is. One in which nothing has to be read is not begun, or through. */
function percentOf(pair: PairAhead, seen: RunFigures): number {
  if (pair.bytesOfData > 0) return (100 * readOf(pair, seen)) / pair.bytesOfData;
  return seen.bytesCompared + seen.bytesSkipped >= pair.bytesTotal ? 100 : 0;
}

/** Where nothing has to be read: done, or not. */
function percentOfNothing(pairs: readonly { state: string }[]): number {
  return pairs.length > 0 && pairs.every((pair) => pair.state === 'done') ? 100 : 0;
}
