/**
 * What a sample of chunks says of all of them: the bytes that a cycle will copy and its journal will hold, each as a
 * range that is to hold in 9 of 10 cases. Pure: it knows parts, chunks and bytes.
 */
import type { Range } from '../../contract/forecast.ts';
import { sharesSeen, type Seen, type Shares } from './differing-share.ts';
import { beta, binomial, drawsFrom, exponential, quantile, type Draw } from './draws.ts';

/** What one chunk that was looked at will cost, bytes; both are 0 where it does not differ. */
export interface ChunkCost {
  /** In the blocks that differ. */
  copy: number;
  /** In the journal: their old content and what is noted of it. */
  undo: number;
}

/** A stretch of the volumes: how many chunks it has, and those that were looked at, drawn by chance, in their order. */
export interface Part {
  chunks: number;
  looked: ChunkCost[];
}

export interface Estimate {
  copy: Range;
  undo: Range;
}

export interface ChunkBounds {
  /** The most that a chunk can cost, bytes. */
  most: ChunkCost;
  /** The least that one which differs costs, bytes. */
  least: ChunkCost;
}

const rounds = 400;
/** What is left out at each end. That is less than a twentieth: what is not modelled wants its part. */
const tail = 0.015;
/** What is known of a part from the others counts like so many of its own chunks that differ. */
const worthOfOthers = 2;
/** With fewer that differ than this, one at the bound is imagined: nobody knows yet what they can cost. */
const fewDiffering = 8;

/** The ranges; low and high are the same where all was looked at. */
export function estimate(parts: readonly Part[], bounds: ChunkBounds, seed = 1): Estimate {
  const tallies = parts.map(tallyOf);
  const found = tallies.reduce<ChunkCost>((sum, { cost }) => added(sum, cost), { copy: 0, undo: 0 });
  if (tallies.every(({ rest }) => rest === 0)) {
    return { copy: { low: found.copy, high: found.copy }, undo: { low: found.undo, high: found.undo } };
  }
  const low = totals(tallies, 'low', bounds.least, drawsFrom(seed));
  const high = totals(tallies, 'high', bounds.most, drawsFrom(seed + 1));
  const rest = tallies.reduce((sum, tally) => sum + tally.rest, 0);
  const range = (of: (cost: ChunkCost) => number): Range => ({
    low: Math.floor(quantile(low.map(of).sort(ascending), tail)),
    high: Math.ceil(Math.min(of(found) + rest * of(bounds.most), quantile(high.map(of).sort(ascending), 1 - tail))),
  });
  return { copy: range(({ copy }) => copy), undo: range(({ undo }) => undo) };
}

interface Tally extends Seen {
  /** Chunks that were not looked at. */
  rest: number;
  chunks: number;
  cost: ChunkCost;
  differingCosts: ChunkCost[];
  /** Whether each chunk that was looked at differs, in their order. */
  marks: boolean[];
}

function tallyOf({ chunks, looked }: Part): Tally {
  const differingCosts = looked.filter(({ copy }) => copy > 0);
  return {
    looked: looked.length,
    differing: differingCosts.length,
    rest: chunks - looked.length,
    chunks,
    cost: differingCosts.reduce(added, { copy: 0, undo: 0 }),
    differingCosts,
    marks: looked.map(({ copy }) => copy > 0),
  };
}

/** What all chunks together may cost, drawn many times. */
function totals(tallies: readonly Tally[], end: 'low' | 'high', bound: ChunkCost, draw: Draw): ChunkCost[] {
  const chunks = tallies.reduce((sum, tally) => sum + tally.chunks, 0);
  const shares = sharesSeen(tallies, chunks, end);
  const fair = fairBound(tallies, end, draw);
  return Array.from({ length: rounds }, () => oneTotal(tallies, shares(draw), fair, end, bound, draw));
}

function oneTotal(
  tallies: readonly Tally[],
  { a, b }: Shares,
  fair: number,
  end: 'low' | 'high',
  bound: ChunkCost,
  draw: Draw,
): ChunkCost {
  const weighed = tallies.map((tally) => weighedCosts(tally, draw));
  const differing = tallies.reduce((sum, tally) => sum + tally.differing, 0);
  const usual = usualCost(weighed, differing < fewDiffering ? bound : null, draw);
  const found: ChunkCost = { copy: 0, undo: 0 };
  const rest: ChunkCost = { copy: 0, undo: 0 };
  let restDiffering = 0;
  tallies.forEach((tally, n) => {
    found.copy += tally.cost.copy;
    found.undo += tally.cost.undo;
    if (tally.rest === 0) return;
    const chance = beta(draw, a + tally.differing, b + tally.looked - tally.differing);
    const count = binomial(draw, tally.rest, chance);
    if (count === 0) return;
    const own = weighed[n];
    const weight = (own?.weight ?? 0) + worthOfOthers;
    restDiffering += count;
    rest.copy += (count * ((own?.cost.copy ?? 0) + worthOfOthers * usual.copy)) / weight;
    rest.undo += (count * ((own?.cost.undo ?? 0) + worthOfOthers * usual.undo)) / weight;
  });
  // What chunks drawn fairly from everywhere say holds whatever the parts are like.
  const drawn = restDiffering + differing;
  const beyond = end === 'high' ? drawn > fair : drawn < fair;
  if (!beyond || restDiffering === 0) return added(found, rest);
  const share = Math.max(0, fair - differing) / restDiffering;
  return { copy: found.copy + rest.copy * share, undo: found.undo + rest.undo * share };
}

interface Weighed {
  weight: number;
  cost: ChunkCost;
  /** Of the part among the parts. */
  ofPart: number;
}

/** The costs of a part's differing chunks, each by a weight drawn for it (D. Rubin, "The Bayesian Bootstrap", 1981). */
function weighedCosts({ differingCosts }: Tally, draw: Draw): Weighed {
  const weighed: Weighed = { weight: 0, cost: { copy: 0, undo: 0 }, ofPart: 0 };
  if (differingCosts.length === 0) return weighed;
  weighed.ofPart = exponential(draw);
  for (const { copy, undo } of differingCosts) {
    const weight = exponential(draw);
    weighed.weight += weight;
    weighed.cost.copy += weight * copy;
    weighed.cost.undo += weight * undo;
  }
  return weighed;
}

/** What a chunk that differs costs in the mean, parts being weighed as wholes: chunks of one part are alike. */
function usualCost(weighed: readonly Weighed[], imagined: ChunkCost | null, draw: Draw): ChunkCost {
  const weight = imagined === null ? 0 : exponential(draw);
  const sum = { weight, copy: weight * (imagined?.copy ?? 0), undo: weight * (imagined?.undo ?? 0) };
  for (const one of weighed) {
    sum.weight += one.ofPart * one.weight;
    sum.copy += one.ofPart * one.cost.copy;
    sum.undo += one.ofPart * one.cost.undo;
  }
  return { copy: sum.copy / sum.weight, undo: sum.undo / sum.weight };
}

/**
 * A bound on how many chunks differ that rests on no model of the parts: of each part only as many chunks are counted
 * as are its due by its size, so that all chunks had the same chance (C. Clopper and E. Pearson, 1934).
 */
function fairBound(tallies: readonly Tally[], end: 'low' | 'high', draw: Draw): number {
  const chunks = tallies.reduce((sum, tally) => sum + tally.chunks, 0);
  const rate = Math.min(...tallies.map((tally) => tally.looked / tally.chunks));
  let looked = 0;
  let differing = 0;
  for (const tally of tallies) {
    const due = Math.floor(rate * tally.chunks + 1e-9);
    looked += due;
    for (let n = 0; n < due; n += 1) if (tally.marks[n] === true) differing += 1;
  }
  if (looked === 0) return end === 'high' ? chunks : 0;
  if (end === 'low') {
    if (differing === 0) return 0;
    const drawn = Array.from({ length: rounds }, () => beta(draw, differing, looked - differing + 1)).sort(ascending);
    return Math.floor(chunks * quantile(drawn, tail));
  }
  if (differing === looked) return chunks;
  const drawn = Array.from({ length: rounds }, () => beta(draw, differing + 1, looked - differing)).sort(ascending);
  return Math.ceil(chunks * quantile(drawn, 1 - tail));
}

function ascending(a: number, b: number): number {
  return a - b;
}

function added(a: ChunkCost, b: ChunkCost): ChunkCost {
  return { copy: a.copy + b.copy, undo: a.undo + b.undo };
}
