/** How fast bytes go by, over the last while, and how long as many as are left will take: as a range. */

/** Rates are taken over this long, milliseconds. */
const windowMs = 5000;
/** Notes that make one rate of the range: single ones jump about. */
const notesPerRate = 5;

export interface Rates {
  /** Bytes a second. */
  low: number;
  mean: number;
  high: number;
}

export class RateWindow {
  #notes: { at: number; bytes: number }[] = [];

  /** Forgets everything: bytes are counted from another beginning. */
  clear(): void {
    this.#notes = [];
  }

  /** Notes that `bytes` had gone by at `now` (milliseconds). Null as long as too little is known. */
  rates(now: number, bytes: number): Rates | null {
    this.#notes.push({ at: now, bytes });
    while ((this.#notes[0]?.at ?? now) < now - windowMs) this.#notes.shift();
    const first = this.#notes[0];
    if (first === undefined || now - first.at < 500) return null;
    const mean = ((bytes - first.bytes) * 1000) / (now - first.at);
    let low = mean;
    let high = mean;
    for (let n = 0; n + notesPerRate < this.#notes.length; n += notesPerRate) {
      const from = this.#notes[n];
      const to = this.#notes[n + notesPerRate];
      if (from === undefined || to === undefined || to.at === from.at) continue;
      const rate = ((to.bytes - from.bytes) * 1000) / (to.at - from.at);
      low = Math.min(low, rate);
      high = Math.max(high, rate);
    }
    return { low: Math.max(low, mean / 2), mean, high: Math.max(high, 1) };
  }
}

/** Seconds that `bytes` more will take; null where that cannot be said. */
export function secondsFor(bytes: number, rates: Rates | null): { low: number; high: number } | null {
  return rates === null || rates.low <= 0 ? null : { low: bytes / rates.high, high: bytes / rates.low };
}
