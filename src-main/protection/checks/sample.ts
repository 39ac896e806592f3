/** A stratified sample of a site's volumes against digest maps, with its basis, for checks that must be quick. */
import type { SiteLetter } from '../../contract/phases.ts';
import { createControl, Steering } from '../../engine/control.ts';
import type { GroupStore } from '../../store/group-store.ts';
import { chunkCount, type PointKey } from '../../store/record.ts';
import { inspect } from '../cycle/inspect.ts';
import type { CheckInput, SampleResult } from './check.ts';

/** Chunks that a sample looks at in each pair. */
const samplesPerPair = 64;

/**
 * Holds the volumes at `site` against the maps in `store`; null where there are none. `exact` reads all. Reads once
 * what is asked twice.
 */
export function sampleAgainstMap(
  input: CheckInput,
  site: SiteLetter,
  store: GroupStore,
  exact: boolean,
): Promise<SampleResult | null> {
  const { position } = store.record;
  if (position === null) return Promise.resolve(null);
  const question = JSON.stringify([site, store.record.site, exact, input.scope.pairs.map((pair) => pair.paths[site])]);
  const known = input.samples.get(question) ?? lookAt(input, site, { store, point: position }, exact);
  input.samples.set(question, known);
  return known;
}

async function lookAt(
  input: CheckInput,
  site: SiteLetter,
  against: { store: GroupStore; point: PointKey },
  exact: boolean,
): Promise<SampleResult | null> {
  const { pairs } = input.scope;
  const chunkSize = input.group.definition.policy.chunkSizeBytes;
  const total = pairs.reduce((sum, pair) => sum + chunkCount(pair.sizeBytes, chunkSize), 0);
  // It obeys pause, cancel and limit of the run, but keeps its own figures: they are not the run's.
  const { shared } = input.context.steering;
  const { figures } = createControl(1, pairs.length);
  const result = await inspect({
    steering: new Steering({ ...shared, figures, laneCount: 1, pairCount: pairs.length }),
    pairs,
    chunkSize,
    paths: new Map(pairs.map((pair) => [pair.number, { source: '', target: pair.paths[site] }])),
    against,
    samples: exact ? null : samplesPerPair,
    pastCache: false,
  });
  if (result.looked === 0) return null;
  const all = result.bytesLooked >= result.bytesTotal;
  const share = result.differingChunks / result.looked;
  // Wilson's upper bound (E. B. Wilson, 1927) for a share seen in a sample, z = 1.645 for 95 % one-sided.
  const z = 1.645;
  const n = result.looked;
  const upper =
    (share + (z * z) / (2 * n) + z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return {
    likelyBytes: Math.round(share * result.bytesTotal),
    upperBytes: Math.round((all ? share : Math.min(1, upper)) * result.bytesTotal),
    exact: all,
    looked: result.looked,
    differingChunks: result.differingChunks,
    basis: all ? `all ${total} chunks` : `a sample of ${result.looked} of ${total} chunks`,
  };
}
