/** failover (unplanned): the active side is lost; the other one is brought to a point and promoted. */
import { pointId, samePoint } from '../../store/record.ts';
import { isDoubtfulToPromote } from '../another-volume.ts';
import type { OpenGroup } from '../group.ts';
import { choosePoint, failoverWay } from '../points.ts';
import type { RunContext } from '../run-context.ts';
import { afterPromotion } from './after-promotion.ts';
import type { OperationOutcome } from './outcome.ts';
import { beginPromotion, finishPromotion, newPromotion, takeSwapBack } from './promotion.ts';

export function failover(group: OpenGroup, context: RunContext): OperationOutcome {
  const { site, event } = failoverWay(group, context.request.point);
  const point = choosePoint(group, context.platform, site, context.request.point);
  takeSwapBack(group, context, site);
  const { receiving, points, promotedClones, moving, position } = group.storeOf(site).record;
  const open = receiving !== null;
  context.reporter.step(open ? 'Rolling the open cycle back' : 'Promoting');
  const knows = points.some((one) => samePoint(one, point));
  // Production has been at this side before, and may have written there: its clones are what the points rest on.
  const cloned = promotedClones && moving === null && knows;
  // What is promoted as it is, is looked at while nothing was changed yet.
  const asItIs = !open && !cloned && moving === null && samePoint(point, position) && knows;
  if (asItIs && isDoubtfulToPromote(group, context, site, false)) context.differing.add(site);
  beginPromotion(group, context, event, newPromotion(group, site, point, 'failover'), cloned ? 'set-aside' : null);
  if (open) context.reporter.step('Promoting');
  const { atPoint } = finishPromotion(group, context, site, asItIs);
  return { pointId: pointId(point), atPoint, next: afterPromotion(group, atPoint) };
}
