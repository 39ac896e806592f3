/** What becomes of points, in sentences: which end, what is nowhere else then, which newer ones are passed over. */
import type { PointKind } from '../../contract/groups.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { counted, describeBytes } from '../../contract/wording.ts';
import { comparePoints, pointId, type StoredPoint } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { newerIncomplete } from '../incomplete.ts';

export function undoOf(points: readonly StoredPoint[]): string {
  return describeBytes(points.flatMap((point) => point.undo).reduce((sum, journal) => sum + journal.bytes, 0));
}

/** That these points of a site end, and what goes with them; nothing where there is none. */
export function endOf(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  if (points.length === 0) return [];
  const name = group.definition.siteNames[site];
  return [
    `${counted(points.length, 'point')} at ${name} and ${undoOf(points)} of undo end.`,
    ...onlyCopies(group, site, points),
  ];
}

/** That production's first write to promoted volumes ends points there, and what goes with them. */
export function endByWriting(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  if (points.length === 0) return [];
  const name = group.definition.siteNames[site];
  const others = points.length === 1 ? 'the other point' : `the other ${points.length} points`;
  return [
    `Production's first write to the promoted volumes ends ${others} at ${name}.`,
    ...onlyCopies(group, site, points),
  ];
}

const before: Partial<Record<PointKind, string>> = {
  'before-protect': 'it was protected',
  'before-reprotect': 'it was reprotected, with what it had written that no other point has',
  'before-undo': 'the failover to it was undone, with what it had written until then',
};

/** Points that no cycle made: what they hold is in no other. */
function onlyCopies(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  const name = group.definition.siteNames[site];
  const all = group.recordOf(site)?.points ?? [];
  return points.flatMap((point) => {
    const what = before[point.kind];
    // Where the cycle after it changed nothing, its point holds the same, be it one of `points` or the one gone to.
    const next = all.find((one) => comparePoints(one, point) > 0);
    const same = next?.undo.every(({ bytes }) => bytes === 0) ?? false;
    if (what === undefined || same) return [];
    return [`Among them is ${point.kind} (${pointId(point)}), the only copy of what ${name} held before ${what}.`];
  });
}

/** That a site has points that are newer than the one that is gone to. */
export function passedOver(points: readonly StoredPoint[], chosen: StoredPoint): string[] {
  const newer = points.filter((point) => point.state === 'usable' && comparePoints(point, chosen) > 0);
  const incomplete = newerIncomplete(points, chosen);
  if (newer.length === 0) return incomplete;
  const are = newer.length === 1 ? 'A newer point is' : `${newer.length} newer points are`;
  return [
    ...incomplete,
    `${are} there (${idsOf(newer)}), with ${undoOf(newer)} of changes that point ${pointId(chosen)} has not.`,
  ];
}

/** "2.9, 2.10"; of more than four, where how many is said beside it, the first and the last: "2.9 to 2.31". */
export function idsOf(points: readonly StoredPoint[]): string {
  const ids = points.map(pointId);
  return ids.length > 4 ? `${ids[0] ?? ''} to ${ids.at(-1) ?? ''}` : ids.join(', ');
}
