/** What a soak did. */
export interface Tally {
  commands: number;
  succeeded: number;
  refused: number;
  kills: number;
  faults: number;
  /** Written to volumes by commands that lived to tell, bytes. */
  bytesMoved: number;
  /** Test failovers whose copies were held against their point. */
  tests: number;
  pairsChanged: number;
  grown: number;
  /** Writes behind the program's back, each found and mended. */
  foreign: number;
  /** Comparisons of both sides, each held against the bytes and applied to a copy. */
  compared: number;
  /** Steps of the plan that failed. */
  stepsFailed: number;
  homecomings: number;
}

export const noTally: Readonly<Tally> = {
  commands: 0,
  succeeded: 0,
  refused: 0,
  kills: 0,
  faults: 0,
  bytesMoved: 0,
  tests: 0,
  pairsChanged: 0,
  grown: 0,
  foreign: 0,
  compared: 0,
  stepsFailed: 0,
  homecomings: 0,
};

const words: Record<keyof Tally, string> = {
  commands: 'operations',
  succeeded: 'succeeded',
  refused: 'refused',
  kills: 'kills',
  faults: 'failing writes and flushes',
  bytesMoved: 'bytes moved',
  tests: 'test failovers held against their points',
  pairsChanged: 'pairs added or taken out',
  grown: 'sources grown',
  foreign: 'foreign writes found and mended',
  compared: 'comparisons held against the bytes',
  stepsFailed: 'steps of a plan that failed',
  homecomings: 'homecomings',
};

const kinds = Object.keys(words) as (keyof Tally)[];

export function addTally(one: Tally, other: Tally): Tally {
  const sum = { ...one };
  for (const kind of kinds) sum[kind] += other[kind];
  return sum;
}

/** "12 operations, 9 succeeded, ...". */
export function tallyWords(tally: Tally): string {
  return kinds.map((kind) => `${tally[kind]} ${words[kind]}`).join(', ');
}
