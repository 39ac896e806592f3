/** A stratified sample of a site's volumes against digest maps, with its basis, for checks that must be quick. */
import type { SiteLetter } from '../../contract/phases.ts';
import { createControl, Steering } from '../../engine/control.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { chunkCount } from '../../store/record.ts';
import { inspect } from '../cycle/inspect.ts';
import type { CheckInput } from './check.ts';

/** Chunks that a sample looks at in each pair. */
const samplesPerPair = 64;

export interface SampleResult {
  /** Estimated bytes that differ: likely, and the upper end (95 %). */
  likelyBytes: number;
  upperBytes: number;
  exact: boolean;
  /** Chunks that something could be said of. */
  looked: number;
  differingChunks: number;
  /** In words: "64 of 4096 chunks" or "all chunks". */
  basis: string;
}

/** Holds the volumes at `site` against the maps in `store`; null where there are none. `exact` reads all. */
export async function sampleAgainstMap(input: CheckInput, site: SiteLetter, store: GroupStore, exact: boolean): Promise<SampleResult | null> {
  const { position } = store.record;
  if (position === null) return null;
  const { pairs } = input.scope;
  const chunkSize = input.group.definition.policy.chunkSizeBytes;
  const total = pairs.reduce((sum, pair) => sum + chunkCount(pair.sizeBytes, chunkSize), 0);
  const result = await inspect({
    steering: new Steering(createControl(1, pairs.length)),
    pairs,
    chunkSize,
    paths: new Map(pairs.map((pair) => [pair.number, { source: '', target: pair.paths[site] }])),
    against: { store, point: position },
    samples: exact ? null : samplesPerPair,
    pastCache: false,
  });
  if (result.looked === 0) return null;
  const all = result.bytesLooked >= result.bytesTotal;
  const share = result.differingChunks / result.looked;
  // Wilson's upper bound (E. B. Wilson, 1927) for a share seen in a sample, z = 1.645 for 95 % one-sided.
  const z = 1.645;
  const n = result.looked;
  const upper = (share + (z * z) / (2 * n) + z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return {
    likelyBytes: Math.round(share * result.bytesTotal),
    upperBytes: Math.round((all ? share : Math.min(1, upper)) * result.bytesTotal),
    exact: all,
    looked: result.looked,
    differingChunks: result.differingChunks,
    basis: all ? `all ${total} chunks` : `a sample of ${result.looked} of ${total} chunks`,
  };
}
