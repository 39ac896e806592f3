/**
 * change-point: after a failover, the promoted volumes are brought to another point, if production has not written to
 * them.
 */
import { SitepairError } from '../../contract/errors.ts';
import { inspect, type InspectionResult } from '../cycle/inspect.ts';
import { chunkCount, pointId, samePoint } from '../../store/record.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { OpenGroup } from '../group.ts';
import { choosePoint } from '../points.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { afterPromotion } from './after-promotion.ts';
import type { OperationOutcome } from './outcome.ts';
import { beginPromotion, finishPromotion, newPromotion } from './promotion.ts';

/** What production has written to promoted volumes. */
export interface Written {
  ranges: InspectionResult['differing'];
  /**
   * Whether it is known of every chunk what it held; where not, production may have written more than `ranges` names.
   */
  certain: boolean;
}

/** Holds a side's volumes against the digest maps of the point that they were left at. */
export async function writtenSince(group: OpenGroup, context: RunContext, site: SiteLetter): Promise<Written> {
  const store = group.storeOf(site);
  const { position } = store.record;
  if (position === null) return { ranges: [], certain: false };
  const { pairs, policy } = group.definition;
  announcePairs(context, pairs, site);
  const { differing, looked } = await inspect({
    steering: context.steering,
    pairs,
    chunkSize: policy.chunkSizeBytes,
    paths: new Map(pairs.map((pair) => [pair.number, { source: '', target: pair.paths[site] }])),
    against: { store, point: position },
    samples: null,
    pastCache: false,
    unreadable: 'throws',
  });
  const chunks = pairs.reduce((sum, pair) => sum + chunkCount(pair.sizeBytes, policy.chunkSizeBytes), 0);
  return { ranges: differing, certain: looked === chunks };
}

/** Names the first ranges of a list, for a message. */
export function namedRanges(group: OpenGroup, site: SiteLetter, ranges: InspectionResult['differing']): string {
  const shown = ranges.slice(0, 3).map((range) => {
    const pair = group.definition.pairs.find((one) => one.number === range.pair);
    return `${pair?.paths[site] ?? ''} bytes ${range.offset}-${range.offset + range.length}`;
  });
  return shown.join('; ') + (ranges.length > 3 ? `; and ${ranges.length - 3} more` : '');
}

/** What is left to do where production has written. */
export function remedyOfWritten(name: string): string {
  return `Stay at this point and commit, or go back to the other side with: sitepair undo ${name} --confirm ${name}`;
}

/** Why production's version does not take the place of what production has written since. */
export const lostByGoingBack = 'they would be lost if the version from before the change took their place';

export const cannotTell =
  'Whether production has written to the promoted volumes cannot be told, as no digests say what they held; so the point cannot be changed.';

function refusal(group: OpenGroup, site: SiteLetter, written: Written, goesBack: boolean): SitepairError {
  const where = namedRanges(group, site, written.ranges);
  const lost = goesBack ? lostByGoingBack : 'those writes are in no journal, so the point cannot be changed';
  return new SitepairError({
    code: 'replica-changed',
    message:
      written.ranges.length > 0 ? `Production has written to the promoted volumes (${where}); ${lost}.` : cannotTell,
    ...(where === '' ? {} : { where }),
    remedy: remedyOfWritten(group.name),
  });
}

export async function changePoint(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const site = group.state.activeSite ?? group.replicaSite;
  const point = choosePoint(group, context.platform, site, context.request.point);
  context.reporter.step('Making sure that production has written nothing');
  const written = await writtenSince(group, context, site);
  const { record } = group.storeOf(site);
  const untouched = written.certain && written.ranges.length === 0;
  const goesBack = record.beforeChange.some((one) => samePoint(one, point));
  if (!untouched && (!record.promotedClones || goesBack)) throw refusal(group, site, written, goesBack);
  const swap = goesBack ? 'bring-back' : untouched ? null : 'set-aside';
  beginPromotion(group, context, 'change-point', newPromotion(group, site, point, 'change-point'), swap);
  const { atPoint } = finishPromotion(group, context, site);
  return { pointId: pointId(point), atPoint, next: afterPromotion(group, atPoint) };
}
