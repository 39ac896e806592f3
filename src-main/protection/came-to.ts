/** What an operation that succeeded came to, as one sentence: which side is in production, and what the other holds. */
import type { SiteLetter } from '../contract/phases.ts';
import type { OperationRequest } from '../contract/runs.ts';
import { consistencyWords } from '../contract/wording.ts';
import { pointId, samePoint } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { unreadWords } from './incomplete.ts';
import { otherSite } from './states.ts';

export function cameTo(group: OpenGroup, { operation, point }: OperationRequest): string {
  const { phase } = group.state;
  const active = group.state.activeSite ?? otherSite(group.replicaSite);
  const [here, there] = [active, otherSite(active)].map((site) => group.definition.siteNames[site]);
  if (operation === 'drop-point') return `Point ${point ?? ''} has ended; the volumes and the other points stay.`;
  if (operation === 'commit') return `The failover to ${here} is accepted, and its points have ended.`;
  switch (phase) {
    case 'unprotected':
      return `The volumes at ${there} hold again what they held before; the group is not protected.`;
    case 'committed':
      return `${there} is as it was before the reprotect; production at ${here} has no replica.`;
    case 'failed-over':
      return `${here} was promoted${positionOf(group, active)}; production belongs there now.`;
    case 'protected':
      return `Production is at ${here}; ${there} is its replica${positionOf(group, otherSite(active))}.`;
    default:
      return '';
  }
}

/** The point that a site's volumes are at; empty where they are at none. */
function positionOf(group: OpenGroup, site: SiteLetter): string {
  const record = group.recordOf(site);
  const point = record?.points.find((one) => samePoint(one, record.position));
  const lacks = point?.unread === undefined ? [] : [`incomplete: ${unreadWords(point.unread)}`];
  return point === undefined
    ? ''
    : `, at point ${pointId(point)} of ${point.at} (${[consistencyWords[point.consistency], ...lacks].join('; ')})`;
}
