/** Which point a test failover copies: the one that a failover would take, unless one is named. */
import { SitepairError } from '../../contract/errors.ts';
import { pointId, type StoredPoint } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { onlyIncomplete } from '../incomplete.ts';
import { preferredPoint } from '../points.ts';

/** Throws `point-unknown` where the replica has no such point, or none at all. */
export function pointToTest(group: OpenGroup, id: string | undefined): StoredPoint {
  const { record } = group.storeOf(group.replicaSite);
  const point = id === undefined ? preferredPoint(record) : record.points.find((one) => pointId(one) === id);
  if (point !== undefined && point !== null) return point;
  const incomplete = id === undefined ? onlyIncomplete(group, record) : null;
  if (incomplete !== null) throw new SitepairError({ code: 'point-unknown', where: group.name, ...incomplete });
  throw new SitepairError({
    code: 'point-unknown',
    message:
      id === undefined
        ? `The replica of ${group.name} has no point of a cycle that could be tested.`
        : `The replica of ${group.name} has no point ${id}: only its own points can be copied.`,
    where: id ?? group.name,
    remedy: `List the points with: sitepair points ${group.name}`,
  });
}
