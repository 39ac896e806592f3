/** How old a group's point was over a time, as it is drawn and said by every host. */
import type { LagSample } from './schedule.ts';

/** Seconds without a sample after which nothing is known between two, by the age of the samples (seconds). */
const gaps = [
  { until: 2 * 86_400, gap: 180 },
  { until: 14 * 86_400, gap: 1500 },
  { until: Infinity, gap: 9000 },
] as const;

export interface LagMoment {
  /** Milliseconds since the epoch. */
  at: number;
  /** Seconds. */
  age: number;
}

export interface LagPicture {
  /** Times of which something is known, oldest first. */
  stretches: LagMoment[][];
  /** The greatest age, seconds; null where nothing is known. */
  oldest: number | null;
  /** Of the time that is known: the part in which the point was older than the target, 0 to 1. */
  missed: number;
}

/** `current`: the age now, seconds, or null where there is none; `now`: milliseconds since the epoch. */
export function lagPicture(
  samples: readonly LagSample[],
  targetSeconds: number,
  current: number | null,
  now: number,
): LagPicture {
  const moments = samples.map(({ at, ageSeconds }): LagMoment => ({ at: Date.parse(at), age: ageSeconds }));
  const last = moments.at(-1);
  if (last !== undefined && current !== null && last.at < now) moments.push({ at: now, age: current });
  const stretches: LagMoment[][] = [];
  for (const moment of moments) {
    const before = stretches.at(-1)?.at(-1);
    if (before === undefined || moment.at - before.at > gapAt(now - moment.at)) stretches.push([moment]);
    else stretches.at(-1)?.push(moment);
  }
  let known = 0;
  let missed = 0;
  for (const stretch of stretches) {
    stretch.slice(1).forEach((moment, n) => {
      const before = stretch[n] ?? moment;
      known += moment.at - before.at;
      missed += (moment.at - before.at) * shareAbove(before.age, moment.age, targetSeconds);
    });
  }
  const oldest = moments.length === 0 ? null : Math.max(...moments.map(({ age }) => age));
  return { stretches, oldest, missed: known === 0 ? 0 : missed / known };
}

/**
 * The picture as a sentence; null where nothing is known. `span`: what it is of, to stand after "In the"; `said`: how
 * seconds are said.
 */
export function lagWords(
  { oldest, missed }: LagPicture,
  span: string,
  said: (seconds: number) => string,
): string | null {
  if (oldest === null) return null;
  // Never said to be whole, or nothing, where it is not.
  const percent = missed === 0 ? 0 : missed === 1 ? 100 : Math.min(99, Math.max(1, Math.round(missed * 100)));
  return `In the ${span} the point was ${said(oldest)} old at the most, and older than what is the target now for ${percent} % of the time that is known.`;
}

/** Milliseconds. */
function gapAt(ageMs: number): number {
  return (gaps.find(({ until }) => ageMs / 1000 < until)?.gap ?? 0) * 1000;
}

/** How much of the way from one value to another lies above a third, 0 to 1. */
function shareAbove(from: number, to: number, limit: number): number {
  const [low, high] = from < to ? [from, to] : [to, from];
  if (low > limit) return 1;
  return high <= limit ? 0 : (high - limit) / (high - low);
}
