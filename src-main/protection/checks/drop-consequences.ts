/** What dropping a point ends, what of that is nowhere else, and what it frees, in sentences read beforehand. */
import { describeBytes } from '../../contract/wording.ts';
import { pointId, type StoredPoint } from '../../store/record.ts';
import { setAsideBytes } from '../operations/promoted-clones.ts';
import { pointsOf } from '../points.ts';
import { sites } from '../registration.ts';
import type { CheckInput } from './check.ts';
import { keptBefore, nextPoint, onlyCopies, undoOf } from './points-ended.ts';

export function dropped({ group, context }: CheckInput): string[] {
  const id = context.request.point ?? '';
  for (const site of sites) {
    const record = group.recordOf(site);
    const name = group.definition.siteNames[site];
    const point = record?.points.find((one) => pointId(one) === id);
    if (record !== null && point !== undefined) {
      const ended = pointsOf(group, context.platform).some((one) => one.id === id && one.state === 'ended');
      const next = nextPoint(group, site, point);
      const space = next === undefined ? [] : spaceOf(name, next, point === record.points[0]);
      if (ended) {
        return [`Point ${id} at ${name} has ended already, as production has written there, or may have.`, ...space];
      }
      return [
        `Point ${id} at ${name} ends and cannot be brought back.`,
        ...onlyCopies(group, site, [point]),
        ...space,
        ...keptBefore(group, site, [point]),
      ];
    }
    const version = record?.beforeChange.find((one) => pointId(one) === id);
    if (version !== undefined) {
      const size = describeBytes(setAsideBytes(group, context.platform, site, version.epoch) ?? 0);
      return [
        `Point ${id} (before-change, ${size} at ${name}) ends and cannot be brought back.`,
        `It may be the only copy of what production had written at ${name} before the change of point at ${version.at}.`,
      ];
    }
  }
  return [`Point ${id} ends and cannot be brought back.`];
}

/** What leads back to a point stays where an older one is reached by it. */
function spaceOf(name: string, next: StoredPoint, oldest: boolean): string[] {
  if (next.undo.every(({ bytes }) => bytes === 0)) return [];
  const undo = `${undoOf([next])} of undo that lead back to it in the store of ${name}`;
  return [oldest ? `Dropping it frees the ${undo}.` : `The ${undo} stay there, as an older point needs them.`];
}
