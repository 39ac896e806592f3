/** drop-point: the operator lets one point go. */
import { SitepairError } from '../../contract/errors.ts';
import { pointId } from '../../store/record.ts';
import { dropPoint, mustStay } from '../../store/retention.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import { warnOfUnfolded, type RunContext } from '../run-context.ts';
import { leftoversWith, removeLeftovers } from './leftovers.ts';
import type { OperationOutcome } from './outcome.ts';
import { versionAt } from './promoted-clones.ts';

/**
 * Why a point cannot be dropped now, as half a sentence without a full stop; null where it can, and where another
 * machine writes the store that keeps it: then that is what is to be told.
 */
export function reasonToKeep(group: OpenGroup, id: string): string | null {
  for (const site of sites) {
    const record = group.recordOf(site);
    const point = record?.points.find((one) => pointId(one) === id);
    if (record === null || point === undefined) continue;
    if (record.machine.id !== group.machine.id) return null;
    return mustStay(record, point) ? `the volumes are at point ${id}, or are being brought to or from it` : null;
  }
  const keeper = sites
    .flatMap((site) => group.recordOf(site) ?? [])
    .find(({ beforeChange }) => beforeChange.some((one) => pointId(one) === id));
  if (keeper !== undefined) {
    return keeper.promoting === null
      ? null
      : `${group.definition.siteNames[keeper.site]} was cut off while it was being promoted, and may need point ${id} for that`;
  }
  return `the group keeps no point ${id} that could be dropped`;
}

export function drop(group: OpenGroup, context: RunContext): OperationOutcome {
  const id = context.request.point ?? '';
  for (const site of sites) {
    const point = group.sides[site].store?.record.points.find((one) => pointId(one) === id);
    if (point === undefined) continue;
    const unfolded = dropPoint(group.storeOf(site), point, context.now());
    if (unfolded !== null) warnOfUnfolded(context, unfolded);
    group.tellOther(site);
    return { pointId: id, next: [] };
  }
  for (const site of sites) {
    const record = group.recordOf(site);
    const version = record?.beforeChange.find((one) => pointId(one) === id);
    if (record === null || version === undefined || record.promoting !== null) continue;
    const beforeChange = record.beforeChange.filter((one) => one !== version);
    const leftovers = leftoversWith(record, versionAt(group, site, version.epoch));
    group.storeOf(site).update({ beforeChange, ...leftovers }, context.now());
    removeLeftovers(group, context);
    return { pointId: id, next: [] };
  }
  throw new SitepairError({
    code: 'point-unknown',
    message: `The group ${group.name} keeps no point ${id} that could be dropped.`,
    where: id,
    remedy: `List the points with: sitepair points ${group.name}`,
  });
}
