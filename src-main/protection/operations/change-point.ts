/** change-point: after a failover, the promoted volumes are brought to another point, if production has not written to them. */
import { SitepairError } from '../../contract/errors.ts';
import { inspect, type InspectionResult } from '../cycle/inspect.ts';
import { pointId } from '../../store/record.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { OpenGroup } from '../group.ts';
import { choosePoint } from '../points.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { afterPromotion } from './failover.ts';
import type { OperationOutcome } from './outcome.ts';
import { beginPromotion, finishPromotion, newPromotion } from './promotion.ts';

/** Holds a side's volumes against the digest maps of the point that they were left at; null where there are none. */
export async function writtenSince(group: OpenGroup, context: RunContext, site: SiteLetter): Promise<InspectionResult | null> {
  const store = group.storeOf(site);
  const { position } = store.record;
  if (position === null) return null;
  announcePairs(context, group.definition.pairs, site);
  return inspect({
    steering: context.steering,
    pairs: group.definition.pairs,
    chunkSize: group.definition.policy.chunkSizeBytes,
    paths: new Map(group.definition.pairs.map((pair) => [pair.number, { source: '', target: pair.paths[site] }])),
    against: { store, point: position },
    samples: null,
    pastCache: false,
  });
}

/** Names the first ranges of a list, for a message. */
export function namedRanges(group: OpenGroup, site: SiteLetter, ranges: InspectionResult['differing']): string {
  const shown = ranges.slice(0, 3).map((range) => {
    const pair = group.definition.pairs.find((one) => one.number === range.pair);
    return `${pair?.paths[site] ?? ''} bytes ${range.offset}-${range.offset + range.length}`;
  });
  return shown.join('; ') + (ranges.length > 3 ? `; and ${ranges.length - 3} more` : '');
}

export async function changePoint(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const site = group.state.activeSite ?? group.replicaSite;
  const point = choosePoint(group, site, context.request.point);
  context.reporter.step('Making sure that production has written nothing');
  const written = await writtenSince(group, context, site);
  if (written === null || written.differing.length > 0) {
    throw new SitepairError({
      code: 'replica-changed',
      message: `Production has written to the promoted volumes (${namedRanges(group, site, written?.differing ?? [])}); those writes are in no journal, so the point cannot be changed.`,
      where: namedRanges(group, site, written?.differing ?? []),
      remedy: `Stay at this point and commit, or go back to the other side with: sitepair undo ${group.name} --confirm ${group.name}`,
    });
  }
  beginPromotion(group, 'change-point', newPromotion(group, site, point, 'change-point'));
  finishPromotion(group, context, site);
  return { pointId: pointId(point), next: afterPromotion(group) };
}
