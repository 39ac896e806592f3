/**
 * How long a run will take, as a range: from bytes and rates, and then held against how long runs of the past took that
 * had a forecast. Pure.
 */
import type { Range } from '../../contract/forecast.ts';

/** The step of a run that goes through the volumes. */
export const copyingStep = 'Comparing and copying';

/** A run of the past that went through the volumes and succeeded. */
export interface PastRun {
  operation: string;
  /** Seconds in which it worked: without waits for a person and pauses, as all of these. */
  seconds: number;
  /** Seconds of it that went into comparing and copying. */
  copySeconds: number;
  /** What it took, as a part of the one figure that was forecast; null where nothing was. */
  ratio: number | null;
}

export interface Work {
  /** Bytes that are read before comparing and copying begin. */
  firstBytes: Range;
  /** Bytes that have to be read of the side that has more of them. */
  readBytes: number;
  /** Bytes that are read of the replica once it is known that they differ. */
  readAgain: Range;
  /** Bytes to copy, and bytes of the journal. */
  copy: Range;
  undo: Range;
  /** Bytes a second; null where nothing is known. */
  reading: Range | null;
  writing: Range | null;
  /** Bytes a second that the group keeps to in reading; null for none. */
  limit: number | null;
}

export interface TimeForecast {
  seconds: Range;
  modelSeconds: number;
  pastRuns: number;
}

/** What is not comparing and copying takes so long where no past run says it, seconds. */
const usualAside: Range = { low: 0.05, high: 1.5 };
/** Where nothing was measured: from a slow disk to one that is in memory, bytes a second. */
const unknownRate: Range = { low: 50 << 20, high: 2 ** 31 };
/** So few ratios say nothing. */
const fewestRatios = 3;
/** While there are few, as far from their median is expected as it was on machines that were measured. */
const usualSpread = [0.65, 1.6];
const fewRatios = 8;
const ratiosAtMost = 20;
/** Of so many the least and the greatest are left out: they are seldom what comes next. */
const manyRatios = 16;
/** Some nine of ten new ratios lie between the ends of what is left (order statistics), with this much more. */
const beyondRatios = 1.15;
const asidesAtMost = 10;
/** No forecast of time is nearer than this to its one figure: machines have other things to do. */
const leastSpread = 1.1;
/** Lanes that share a limit may go a little beyond it. */
const overLimit = 0.95;
/** Below this nobody counts parts of seconds. */
const wholeBelow = 90;

/** Newest runs first. */
export function timeAhead(work: Work, operation: string, past: readonly PastRun[]): TimeForecast {
  const aside = asideOf(operation, past);
  const rates = { reading: work.reading ?? unknownRate, writing: work.writing ?? unknownRate };
  const first = secondsOf(work.firstBytes, rates.reading);
  const reading = secondsOf({ low: work.readBytes, high: work.readBytes }, rates.reading);
  const again = secondsOf(work.readAgain, rates.reading);
  const written = { low: work.copy.low + work.undo.low, high: work.copy.high + work.undo.high };
  const writing = secondsOf(written, rates.writing);
  const atLimit = (bytes: number): number => (work.limit === null ? 0 : bytes / work.limit);
  const least = atLimit(work.firstBytes.low + work.readBytes);
  const most = atLimit(work.firstBytes.high + work.readBytes);
  // What was measured comes nearest to all one after the other; at best what is written goes on beside what is read.
  const low = aside.low + Math.max(first.low + Math.max(reading.low, again.low + writing.low), least);
  const high = aside.high + Math.max(first.high + reading.high, most) + again.high + writing.high;
  const readFirst = middleOf(first) + middleOf(reading);
  const modelSeconds =
    middleOf(aside) + Math.max(readFirst, middleOf({ low: least, high: most })) + middleOf(again) + middleOf(writing);
  const ratios = ratiosOf(operation, past);
  const [fewest, greatest] = endsOf(ratios);
  const held = { low: (modelSeconds * fewest) / beyondRatios, high: modelSeconds * greatest * beyondRatios };
  const known = ratios.length >= fewestRatios;
  const seconds = known ? held : { low: Math.min(low, held.low), high: Math.max(high, held.high) };
  return {
    seconds: told({ low: seconds.low, high: Math.max(least, seconds.high) }, least),
    modelSeconds,
    pastRuns: ratios.length,
  };
}

/** The least and the greatest that is to be expected; with none it is taken that the model is right. */
function endsOf(ratios: readonly number[]): [number, number] {
  const sorted = ratios.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 1;
  const all = sorted.length < fewRatios ? [...sorted, ...usualSpread.map((part) => part * median)] : sorted;
  const expected = all.length < manyRatios ? all : all.slice(1, -1);
  return [Math.min(...expected), Math.max(...expected)];
}

/** Of figures that may be wrong by a factor the middle is that of their logarithms; where the least is none, half. */
function middleOf({ low, high }: Range): number {
  return low === 0 ? high / 2 : Math.sqrt(low * high);
}

function asideOf(operation: string, all: readonly PastRun[]): Range {
  // A seed reads targets that may be blank while it checks, which is counted as what is read first.
  const past = all.filter((run) => run.operation !== 'protect');
  const alike = past.filter((run) => run.operation === operation).slice(0, asidesAtMost);
  const known = (alike.length > 0 ? alike : past.slice(0, asidesAtMost)).map((run) => run.seconds - run.copySeconds);
  if (known.length === 0) return usualAside;
  const beyond = known.length < fewestRatios ? 2 * beyondRatios : beyondRatios;
  const aside = { low: Math.max(0.01, Math.min(...known) / beyond), high: Math.max(...known) * beyond };
  if (alike.length > 0) return aside;
  return { low: Math.min(usualAside.low, aside.low), high: Math.max(usualAside.high, aside.high) };
}

function secondsOf(bytes: Range, rate: Range): Range {
  return { low: bytes.low / rate.high, high: bytes.high / rate.low };
}

/** As it is told: never too near, not below what the limit allows, and short times in whole seconds, outwards. */
function told({ low, high }: Range, limited: number): Range {
  const middle = Math.sqrt(low * high);
  const least = Math.max(limited * overLimit, Math.min(low, middle / leastSpread));
  const most = Math.max(high, middle * leastSpread);
  return most > wholeBelow ? { low: least, high: most } : { low: Math.floor(least), high: Math.ceil(most) };
}

/** What runs took as a part of their forecast: those of the same operation where there are enough. */
function ratiosOf(operation: string, past: readonly PastRun[]): number[] {
  const alike = past.filter((run) => run.operation === operation).flatMap(({ ratio }) => ratio ?? []);
  const all = alike.length < fewestRatios ? past.flatMap(({ ratio }) => ratio ?? []) : alike;
  return all.slice(0, ratiosAtMost);
}
