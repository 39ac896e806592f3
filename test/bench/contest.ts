/** Runs contestants in turn, A B A B, so that what else the machine does meanwhile falls on all of them alike. */

export interface Contestant {
  name: string;
  /** Does the work once and gives the seconds that it took. */
  run: () => Promise<number> | number;
}

export interface Rounds {
  runs: number;
  /** Called before each round: all contestants of a round do the same work. */
  beforeRound?: (round: number) => Promise<void> | void;
  /** Called before each contestant of a round. */
  beforeEach?: () => Promise<void> | void;
}

/** The median seconds of each contestant, in their order. */
export async function contest(
  contestants: readonly Contestant[],
  { runs, beforeRound, beforeEach }: Rounds,
): Promise<number[]> {
  const seconds: number[][] = contestants.map(() => []);
  for (let round = 0; round < runs; round += 1) {
    await beforeRound?.(round);
    for (const [n, contestant] of contestants.entries()) {
      await beforeEach?.();
      seconds[n]?.push(await contestant.run());
    }
  }
  return seconds.map(median);
}

/** The middle of some figures; of an even number of them the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return (lower + upper) / 2;
}

/** Seconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
