/**
 * What may be believed of the share of differing chunks in the parts of a volume. Changes come in clusters: each part
 * has a share of its own, and the shares of all parts are alike as far as what was seen says so. That is the
 * beta-binomial model; how alike they are and what their mean is are weighed over a grid (A. Gelman and others,
 * "Bayesian Data Analysis", 5.3), so nothing of it has to be set.
 */
import { logGamma, type Draw } from './draws.ts';

/** A part of the volumes: how many chunks of it were looked at, and how many of those differ. */
export interface Seen {
  looked: number;
  differing: number;
}

/** Beta(a, b) that the shares of the parts are drawn from. */
export interface Shares {
  a: number;
  b: number;
}

/** Means in a grid; it is laid twice: wide, and fine over what the wide one leaves possible. */
const means = 41;
/** Cells that are this much less likely than the likeliest, as a logarithm, count for nothing. */
const impossible = 12;
/** a + b: from "a part differs wholly or not at all" to "all parts are alike". */
const likenesses = [0.3, 1, 3, 10, 30, 100, 300, 1000, 10_000];

interface Cell extends Shares {
  /** The logarithm of the odds of the mean share. */
  odds: number;
  /** The logarithm of its likelihood. */
  log: number;
}

/**
 * Draws of the shares, as what was seen makes them likely. For a lower end nothing is held to be likely beforehand that
 * makes the share larger, for an upper end nothing that makes it smaller: as C. Clopper and E. Pearson bound one share
 * (1934). So where no difference was found, the upper end is the rule of three.
 */
export function sharesSeen(seen: readonly Seen[], chunks: number, end: 'low' | 'high'): (draw: Draw) => Shares {
  const alike = tallied(seen);
  // From less than one chunk of all to less than one chunk that does not differ.
  const widest = Math.log(4 * chunks + 4);
  const possible = likely(gridOf(-widest, widest, alike, end)).map(({ odds }) => odds);
  const step = (2 * widest) / (means - 1);
  const cells = likely(gridOf(Math.min(...possible) - step, Math.max(...possible) + step, alike, end));
  const most = Math.max(...cells.map(({ log }) => log));
  let total = 0;
  const upTo = cells.map(({ log }) => (total += Math.exp(log - most)));
  return (draw) => {
    const wanted = draw() * total;
    return cells[upTo.findIndex((sum) => sum >= wanted)] ?? { a: 1, b: 1 };
  };
}

function likely(cells: readonly Cell[]): Cell[] {
  const most = Math.max(...cells.map(({ log }) => log));
  return cells.filter(({ log }) => log > most - impossible);
}

/** Even over the logarithm of the odds of the mean share. */
function gridOf(from: number, to: number, alike: readonly (Seen & { times: number })[], end: 'low' | 'high'): Cell[] {
  return Array.from({ length: means }, (_, n) => {
    const odds = from + ((to - from) * n) / (means - 1);
    const mean = 1 / (1 + Math.exp(-odds));
    const before = end === 'high' ? -Math.log1p(Math.exp(-odds)) : -Math.log1p(Math.exp(odds));
    return likenesses.map((likeness) => {
      const [a, b] = [mean * likeness, (1 - mean) * likeness];
      const empty = logBeta(a, b);
      const log = alike.reduce(
        (sum, { looked, differing, times }) => sum + times * (logBeta(a + differing, b + looked - differing) - empty),
        before,
      );
      return { a, b, odds, log };
    });
  }).flat();
}

/** Parts of which the same was seen, counted: most are alike. */
function tallied(seen: readonly Seen[]): (Seen & { times: number })[] {
  const known = new Map<string, Seen & { times: number }>();
  for (const { looked, differing } of seen) {
    if (looked === 0) continue;
    const key = `${looked} ${differing}`;
    const before = known.get(key);
    if (before === undefined) known.set(key, { looked, differing, times: 1 });
    else before.times += 1;
  }
  return [...known.values()];
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
