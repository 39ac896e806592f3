/** What is lost by going to a point that no cycle made. */
import type { PointKind } from '../../contract/groups.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { lackOfKept } from '../../contract/kept-points.ts';
import { samePoint, type PointKey } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { roleLost } from '../points.ts';
import type { RunContext } from '../run-context.ts';
import { sinceWhen } from './since-when.ts';

type KeptKind = Exclude<PointKind, 'cycle'>;

/** What kind of point that is; null of one that a cycle made. */
export function keptKindOf(group: OpenGroup, site: SiteLetter, key: PointKey): KeptKind | null {
  const { points, beforeChange } = group.storeOf(site).record;
  const kind = points.find((one) => samePoint(one, key))?.kind;
  if (kind !== undefined) return kind === 'cycle' ? null : kind;
  return beforeChange.some((one) => samePoint(one, key)) ? 'before-change' : 'as-left';
}

export function keptLoss(
  group: OpenGroup,
  site: SiteLetter,
  { kind, id }: { kind: KeptKind; id: string },
  context: RunContext,
): string {
  const lost = roleLost(group, site)?.at;
  const since = lost === undefined ? '' : `, ${sinceWhen(lost, context)},`;
  return `${lackOfKept(kind, group.definition.siteNames[site], since)} (point ${id}).`;
}
