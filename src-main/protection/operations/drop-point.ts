/** drop-point: the operator lets one point go. */
import { SitepairError } from '../../contract/errors.ts';
import { pointId } from '../../store/record.ts';
import { dropPoint } from '../../store/retention.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import type { RunContext } from '../run-context.ts';
import type { OperationOutcome } from './outcome.ts';
import { removeSetAside } from './promoted-clones.ts';

export function drop(group: OpenGroup, context: RunContext): OperationOutcome {
  const id = context.request.point ?? '';
  for (const site of sites) {
    const point = group.sides[site].store?.record.points.find((one) => pointId(one) === id);
    if (point === undefined) continue;
    dropPoint(group.storeOf(site), point, context.now());
    group.tellOther(site);
    return { pointId: id, next: [] };
  }
  for (const site of sites) {
    const record = group.recordOf(site);
    const version = record?.beforeChange.find((one) => pointId(one) === id);
    if (record === null || version === undefined || record.promoting !== null) continue;
    const beforeChange = record.beforeChange.filter((one) => one !== version);
    group.storeOf(site).update({ beforeChange }, context.now());
    removeSetAside(group, site, version.epoch);
    return { pointId: id, next: [] };
  }
  throw new SitepairError({
    code: 'point-unknown',
    message: `The group ${group.name} keeps no point ${id} that could be dropped.`,
    where: id,
    remedy: `List the points with: sitepair points ${group.name}`,
  });
}
