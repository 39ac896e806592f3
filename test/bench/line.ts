/** One line of the bench: what it measures, and what it found. */

/** What every line is handed. */
export interface Bench {
  /** A folder for what the line makes; emptied after it. */
  dir: string;
  /** Bytes of a volume. */
  sizeBytes: number;
  runs: number;
  /** Prints one line on what is being done. */
  say: (text: string) => void;
}

/** One row of the table. All fields are texts that stand by themselves. */
export interface Row {
  /** What was done, to what. */
  measured: string;
  /** Sitepair's figure. */
  ours: string;
  /** Who or what it is held against; empty where a goal is absolute. */
  against: string;
  /** The other's figure. */
  theirs: string;
  /** How the two stand to each other. */
  ratio: string;
  goal: Goal | null;
}

export interface Goal {
  text: string;
  reached: boolean;
}

export interface Line {
  /** For `--only`. */
  name: string;
  title: string;
  measure: (bench: Bench) => Promise<Row[]>;
}

/** The row of a peer that this machine does not have. */
export function missingPeer(measured: string, peer: string, goal: string): Row {
  const text = 'not on this machine';
  return {
    measured,
    ours: '',
    against: peer,
    theirs: text,
    ratio: 'not measured',
    goal: { text: goal, reached: false },
  };
}
