/** Draws from the distributions that a forecast is made of, from a seed: whoever asks twice is told the same. */

export type Draw = () => number;

/** Even draws in [0, 1) from a seed (mulberry32, T. Ettinger); never exactly 0. */
export function drawsFrom(seed: number): Draw {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0 || 1) / 2 ** 32;
  };
}

/** One with mean 1 of the exponential distribution. */
export function exponential(draw: Draw): number {
  return -Math.log(draw());
}

/** One of the standard normal distribution (G. Box and M. Muller, 1958). */
function normal(draw: Draw): number {
  return Math.sqrt(2 * exponential(draw)) * Math.cos(2 * Math.PI * draw());
}

/** One of the gamma distribution with this shape, as its logarithm (G. Marsaglia and W. Tsang, 2000). */
function logGammaDrawn(draw: Draw, shape: number): number {
  // A small shape is a larger one times a power, which may be too small for a number: so the logarithm.
  if (shape < 1) return logGammaDrawn(draw, shape + 1) + Math.log(draw()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(draw);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(draw()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** One of the beta distribution; `a` and `b` above 0. */
export function beta(draw: Draw, a: number, b: number): number {
  const difference = logGammaDrawn(draw, b) - logGammaDrawn(draw, a);
  return 1 / (1 + Math.exp(difference));
}

/** How many of `count` tries succeed, each with this chance: exact where few do, a rounded normal where many do. */
export function binomial(draw: Draw, count: number, chance: number): number {
  if (count === 0 || chance <= 0) return 0;
  if (chance >= 1) return count;
  if (chance > 0.5) return count - binomial(draw, count, 1 - chance);
  const mean = count * chance;
  if (mean > 25) {
    const drawn = Math.round(mean + Math.sqrt(mean * (1 - chance)) * normal(draw));
    return Math.max(0, Math.min(count, drawn));
  }
  // From one success to the next (L. Devroye, 1986).
  const perTry = Math.log1p(-chance);
  let successes = 0;
  for (let at = Math.floor(Math.log(draw()) / perTry); at < count; at += 1 + Math.floor(Math.log(draw()) / perTry)) {
    successes += 1;
  }
  return successes;
}

/** The logarithm of the gamma function, for arguments above 0 (Stirling's series, shifted to where it is good). */
export function logGamma(argument: number): number {
  let x = argument;
  let below = 0;
  while (x < 7) {
    below += Math.log(x);
    x += 1;
  }
  const square = 1 / (x * x);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - below;
}

/** The value below which this share of the ascending values lies. */
export function quantile(ascending: readonly number[], share: number): number {
  const at = Math.max(0, Math.min(ascending.length - 1, share * (ascending.length - 1)));
  const [below = 0, above = below] = [ascending[Math.floor(at)], ascending[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
