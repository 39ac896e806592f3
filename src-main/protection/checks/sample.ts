/** A stratified sample of a site's volumes against digest maps, with its basis, for checks that must be quick. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SiteLetter } from '../../contract/phases.ts';
import { createControl, Steering } from '../../engine/control.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { chunkCount, type PointKey } from '../../store/record.ts';
import { inspect } from '../cycle/inspect.ts';
import type { CheckInput, SampleResult } from './check.ts';

/** Chunks that a sample looks at in all pairs together, shared out by size; but of each pair at least the second. */
const samplesInAll = 256;
const samplesOfPairAtLeast = 16;
/** How often it is told how far the reading of all is, milliseconds. */
const tellEvery = 250;

/**
 * Holds the volumes at `site` against the maps in `store`; null where there are none. `exact` reads all. Reads once
 * what is asked twice. What cannot be read throws, or is passed over and named.
 */
export function sampleAgainstMap(
  input: CheckInput,
  site: SiteLetter,
  store: GroupStore,
  exact: boolean,
  unreadable: 'throws' | 'passed-over' = 'throws',
): Promise<SampleResult | null> {
  const { position } = store.record;
  if (position === null) return Promise.resolve(null);
  const question = JSON.stringify([
    site,
    store.record.site,
    exact,
    unreadable,
    input.scope.pairs.map((pair) => pair.paths[site]),
  ]);
  const known = input.samples.get(question) ?? lookAt(input, site, { store, point: position }, { exact, unreadable });
  input.samples.set(question, known);
  return known;
}

interface Stratum {
  bytes: number;
  chunks: number;
  looked: number;
  differing: number;
}

async function lookAt(
  input: CheckInput,
  site: SiteLetter,
  against: { store: GroupStore; point: PointKey },
  { exact, unreadable: mode }: { exact: boolean; unreadable: 'throws' | 'passed-over' },
): Promise<SampleResult | null> {
  const { pairs } = input.scope;
  const chunkSize = input.group.definition.policy.chunkSizeBytes;
  const bytesTotal = pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
  // It obeys pause and cancel of the run, but keeps its own figures: they are not the run's. The limit is for reading
  // all: a sample is little, and a failover waits for it.
  const { shared } = input.context.steering;
  const { figures, pace } = createControl(shared.laneCount, 1);
  const steered = { ...shared, figures, pairCount: 1, map: null, ...(exact ? {} : { pace }) };
  const strata: Stratum[] = [];
  const ranges: SampleResult['ranges'] = [];
  const blocks: SampleResult['unreadable'] = [];
  const counted = new Steering(steered);
  const tell = (): void => {
    const { bytesCompared, bytesSkipped } = counted.figures(0);
    input.context.reporter.reading(Math.min(bytesTotal, bytesCompared + bytesSkipped), bytesTotal);
  };
  const telling = exact ? setInterval(tell, tellEvery) : undefined;
  try {
    for (const pair of pairs) {
      // A sample is read in this thread: between pairs it takes messages, and so shows that it is alive.
      await nextTurn();
      const share = Math.max(
        samplesOfPairAtLeast,
        Math.round((samplesInAll * pair.sizeBytes) / Math.max(1, bytesTotal)),
      );
      const { looked, differing, differingChunks, unreadable } = await inspect({
        steering: counted,
        pairs: [pair],
        chunkSize,
        paths: new Map([[pair.number, { source: '', target: pair.paths[site] }]]),
        against,
        samples: exact ? null : share,
        pastCache: false,
        unreadable: mode,
      });
      const chunks = chunkCount(pair.sizeBytes, chunkSize);
      ranges.push(...differing);
      blocks.push(...unreadable);
      strata.push({ bytes: pair.sizeBytes, chunks, looked, differing: differingChunks });
    }
  } finally {
    clearInterval(telling);
  }
  const estimated = estimate(strata.filter((stratum) => stratum.chunks > 0));
  return estimated === null ? null : { ...estimated, ranges, unreadable: blocks };
}

/**
 * What a sample says of the whole, each pair weighing as much as it is large: the likely bytes, and an upper end that
 * holds in 95 of 100 cases (a normal bound for a stratified share, each share moved towards the middle by two imagined
 * chunks as A. Agresti and B. Coull propose, 1998). Null where of some pair nothing is known.
 */
export function estimate(strata: readonly Stratum[]): Omit<SampleResult, 'ranges' | 'unreadable'> | null {
  if (strata.length === 0 || strata.some((stratum) => stratum.looked === 0)) return null;
  const sum = (of: (stratum: Stratum) => number): number => strata.reduce((total, stratum) => total + of(stratum), 0);
  const all = strata.every((stratum) => stratum.looked >= stratum.chunks);
  const likely = sum(({ bytes, differing, looked }) => (bytes * differing) / looked);
  const moved = sum(({ bytes, differing, looked }) => (bytes * (differing + 1)) / (looked + 2));
  const variance = sum(({ bytes, differing, looked }) => {
    const share = (differing + 1) / (looked + 2);
    return (bytes * bytes * share * (1 - share)) / (looked + 2);
  });
  const upper = Math.min(
    sum(({ bytes }) => bytes),
    moved + 1.645 * Math.sqrt(variance),
  );
  const looked = sum((stratum) => stratum.looked);
  const chunks = sum((stratum) => stratum.chunks);
  return {
    likelyBytes: Math.round(likely),
    upperBytes: Math.round(all ? likely : upper),
    exact: all,
    looked,
    differingChunks: sum((stratum) => stratum.differing),
    basis: all ? `all ${chunks} chunks` : `a sample of ${looked} of ${chunks} chunks`,
  };
}
