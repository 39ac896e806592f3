/** The pairs as a run will go through them, and what becomes of what their targets hold. */
import { SitepairError } from '../../contract/errors.ts';
import type { ForecastOperation } from '../../contract/forecast.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { definitionAtWork } from '../../store/pairs.ts';
import type { PairDefinition, Receiving, SiteRecord } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import { joiningAt, pairsOfSeed } from '../operations/joining.ts';
import { pairsWithReplacements } from '../operations/reprotect.ts';
import { describeIfThere } from '../operations/targets.ts';
import { otherSite } from '../states.ts';
import type { PairPlan } from './pairs-ahead.ts';

/** Throws what the volumes throw, and `volume-unsuitable` for a file that holds data and is made longer. */
export function plansOf(
  group: OpenGroup,
  operation: ForecastOperation,
  { replace, discard }: { replace: OperationRequest['replace']; discard: boolean },
  platform: VolumePlatform,
): PairPlan[] {
  const target = group.replicaSite;
  const source = otherSite(target);
  if (operation === 'protect') {
    return pairsOfSeed(group.definition, target).map((pair): PairPlan => {
      // The logical size is the source's when the seed begins.
      const sizeBytes = describeIfThere(platform, pair.paths[source])?.sizeBytes ?? pair.sizeBytes;
      return seedPlan({ ...pair, sizeBytes }, pair.paths[source], pair.paths[target], discard, platform);
    });
  }
  const { record } = group.storeOf(target);
  if (operation === 'resume' && record.receiving !== null) return restOf(record, record.receiving, platform);
  if (operation !== 'reprotect') {
    const { doubtful } = record;
    const known = group.definition.pairs.map((pair): PairPlan => ({
      pair,
      source: pair.paths[source],
      target: pair.paths[target],
      save: 'journal',
      mapped: !doubtful,
    }));
    const joining = operation === 'sync' ? joiningAt(group.definition, target) : [];
    const fresh = joining.map((pair) =>
      seedPlan(pair, pair.paths[source], pair.paths[target], pair.held === 'discard', platform),
    );
    return [...known, ...fresh];
  }
  const request: OperationRequest = { operation, group: group.name, ...(replace === undefined ? {} : { replace }) };
  return pairsWithReplacements(group, { request }).map((pair): PairPlan => {
    const [from, path] = [pair.paths[source], pair.paths[target]];
    const fresh = replace?.some(({ pairId }) => pairId === pair.id) === true;
    if (fresh) return seedPlan(pair, from, path, false, platform);
    return { pair, source: from, target: path, save: 'journal', mapped: false };
  });
}

/** What was written before it was cut off is equal by now, which only the volumes themselves tell. */
function restOf({ definition, receiving, site }: SiteRecord, open: Receiving, platform: VolumePlatform): PairPlan[] {
  return definitionAtWork({ definition, receiving }).pairs.map((pair): PairPlan => {
    const path = pair.paths[site];
    const target = describeIfThere(platform, path) === null ? null : path;
    const save = open.pairs.find(({ number }) => number === pair.number)?.save ?? 'journal';
    return { pair, source: pair.paths[otherSite(site)], target, save, mapped: false };
  });
}

/**
 * A pair whose target gets a whole copy. Throws `volume-unsuitable` for a file that holds data and is made longer:
 * beyond its end there is nothing to sample yet.
 */
function seedPlan(
  pair: PairDefinition,
  source: string,
  target: string,
  discard: boolean,
  platform: VolumePlatform,
): PairPlan {
  const there = describeIfThere(platform, target);
  const blank = there === null || isEmpty(platform, target, pair.sizeBytes);
  const save = blank ? 'blank' : discard ? 'discard' : 'journal';
  const short = there?.kind === 'file' && there.sizeBytes < pair.sizeBytes;
  if (short && save === 'journal') {
    throw new SitepairError({
      code: 'volume-unsuitable',
      message: `The file ${target} is shorter than its source and is made longer first, so the two cannot be sampled yet.`,
      where: target,
      remedy: 'Go on without a forecast: at most what the source holds is copied.',
    });
  }
  const plan = { pair, source, target: there === null || short ? null : target, save, mapped: false } as const;
  return blank ? plan : { ...plan, mayBeBlank: true };
}

/** Whether a volume is one hole. */
function isEmpty(platform: VolumePlatform, path: string, sizeBytes: number): boolean {
  const volume = platform.open(path, 'read');
  try {
    return volume.nextData(0, Math.min(sizeBytes, volume.sizeBytes)) === null;
  } finally {
    volume.close();
  }
}
