/**
 * Snapshots of a running operation, from the counters that its threads write. Percent and bytes are measured; the time
 * left is a range from the slowest and the fastest rate of the last while.
 */
import type { OperationRequest, Progress, RunFigures } from '../contract/runs.ts';
import type { Steering } from '../engine/control.ts';

export interface PairInProgress {
  pairId: string;
  path: string;
  bytesTotal: number;
}

/** A device call that takes longer than this is said to be stalled, milliseconds. */
const stalledAfter = 3000;
/** Rates are taken over this long, milliseconds. */
const rateWindow = 5000;

export class ProgressMeter {
  readonly #runId: string;
  readonly #request: OperationRequest;
  readonly #steering: Steering;
  readonly #startedAt = Date.now();
  #step = 'Starting';
  #pairs: PairInProgress[] = [];
  /** Figures at the beginning of the step: counters run on over several steps. */
  #base: RunFigures[] = [];
  #samples: { at: number; bytes: number }[] = [];
  #percent = 0;

  constructor(runId: string, request: OperationRequest, steering: Steering) {
    this.#runId = runId;
    this.#request = request;
    this.#steering = steering;
  }

  step(title: string): void {
    this.#step = title;
  }

  pairs(pairs: PairInProgress[]): void {
    this.#base = pairs.map((_, n) => this.#steering.figures(n));
    this.#pairs = pairs;
    this.#samples = [];
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
      return { ...pair, ...figures, state } as const;
    });
    const total = pairs.reduce((sum, pair) => sum + pair.bytesTotal, 0);
    const gone = pairs.reduce(
      (sum, pair) => sum + Math.min(pair.bytesTotal, pair.bytesCompared + pair.bytesSkipped),
      0,
    );
    this.#percent = Math.max(this.#percent, total === 0 ? 0 : Math.min(100, (100 * gone) / total));
    const call = this.#steering.longestCall();
    const stalled = call !== null && now - call.since > stalledAfter;
    const state = { cancel: 'cancelling', pause: 'paused', run: stalled ? 'stalled' : 'running' } as const;
    const rates = this.#rates(now, gone);
    return {
      runId: this.#runId,
      operation: this.#request.operation,
      groupName: this.#request.group,
      state: state[this.#steering.state],
      step: this.#step,
      percent: total === 0 ? null : this.#percent,
      bytesPerSecond: rates === null ? null : rates.mean,
      secondsLeft:
        rates === null || rates.low <= 0
          ? null
          : { low: (total - gone) / rates.high, high: (total - gone) / rates.low },
      elapsedSeconds: (now - this.#startedAt) / 1000,
      figures: this.figures(),
      pairs,
      stalledSince: stalled ? new Date(call.since).toISOString() : null,
    };
  }

  #rates(now: number, bytes: number): { low: number; mean: number; high: number } | null {
    this.#samples.push({ at: now, bytes });
    while ((this.#samples[0]?.at ?? now) < now - rateWindow) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || now - first.at < 500) return null;
    const mean = ((bytes - first.bytes) * 1000) / (now - first.at);
    let low = mean;
    let high = mean;
    for (let n = 0; n + 5 < this.#samples.length; n += 5) {
      const from = this.#samples[n];
      const to = this.#samples[n + 5];
      if (from === undefined || to === undefined || to.at === from.at) continue;
      const rate = ((to.bytes - from.bytes) * 1000) / (to.at - from.at);
      low = Math.min(low, rate);
      high = Math.max(high, rate);
    }
    return { low: Math.max(low, mean / 2), mean, high: Math.max(high, 1) };
  }
}
