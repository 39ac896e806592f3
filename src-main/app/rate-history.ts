/** How fast runs went over the last while, for windows that come to look at one late. */
import type { Progress, RateSample } from '../contract/runs.ts';

/** How far back it goes, and how close two samples lie, milliseconds. */
const keptFor = 15 * 60_000;
const apart = 1000;
/** Runs of which it is kept; of an older one nobody asks any more. */
const runsKept = 32;

export class RateHistory {
  readonly #ofRuns = new Map<string, RateSample[]>();

  /** Of a run, oldest first. */
  samples(runId: string): RateSample[] {
    return [...(this.#ofRuns.get(runId) ?? [])];
  }

  /** Takes the rate out of a snapshot that was made at `now` (milliseconds since the epoch). */
  note({ runId, bytesPerSecond }: Pick<Progress, 'runId' | 'bytesPerSecond'>, now = Date.now()): void {
    const samples = this.#ofRuns.get(runId) ?? [];
    const last = samples.at(-1);
    if (bytesPerSecond === null || (last !== undefined && now - last.at < apart)) return;
    samples.push({ at: now, bytesPerSecond });
    while ((samples[0]?.at ?? now) < now - keptFor) samples.shift();
    this.#ofRuns.set(runId, samples);
    const [oldest] = this.#ofRuns.keys();
    if (this.#ofRuns.size > runsKept && oldest !== undefined) this.#ofRuns.delete(oldest);
  }
}
