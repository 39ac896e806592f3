/** What becomes of points, in sentences: which end, what is nowhere else then, which newer ones are passed over. */
import type { PointKind } from '../../contract/groups.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { counted, describeBytes } from '../../contract/wording.ts';
import { comparePoints, pointId, type StoredPoint } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { reasonAgainst } from '../allowed.ts';
import type { OpenGroup } from '../group.ts';
import { newerIncomplete } from '../incomplete.ts';
import { writtenSincePosition } from '../marks.ts';
import { pointsOf } from '../points.ts';
import { ownWrites, type OwnWrites } from './own-writes.ts';

export function undoOf(points: readonly StoredPoint[]): string {
  return describeBytes(points.flatMap((point) => point.undo).reduce((sum, journal) => sum + journal.bytes, 0));
}

/**
 * That these points of a site end, and what goes with them; nothing where there is none. Those that production's writes
 * have ended before are told as that: only their undo goes now.
 */
export function endOf(
  { group, context }: { group: OpenGroup; context: { platform: VolumePlatform } },
  site: SiteLetter,
  points: readonly StoredPoint[],
): string[] {
  if (points.length === 0) return [];
  const name = group.definition.siteNames[site];
  const gone = pointsOf(group, context.platform).flatMap((one) =>
    one.site === site && one.state === 'ended' ? one.id : [],
  );
  const ended = points.filter((point) => gone.includes(pointId(point)));
  const open = points.filter((point) => !ended.includes(point));
  return [
    ...(open.length === 0 ? [] : [`${reached(open, name)}, and ${undoOf(open)} of undo with ${them(open)}.`]),
    ...(ended.length === 0 ? [] : [alreadyEnded(group, context.platform, site, ended)]),
    ...onlyCopies(group, site, open),
  ];
}

/** "The point 1.2 at Hall B can still be gone to, and ends", "4 points at Hall B (1.1, …) can still be …, and end". */
function reached(points: readonly StoredPoint[], name: string): string {
  return points.length === 1
    ? `The point ${idsOf(points)} at ${name} can still be gone to, and ends`
    : `${points.length} points at ${name} (${idsOf(points)}) can still be gone to, and end`;
}

function alreadyEnded(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  points: readonly StoredPoint[],
): string {
  const have = points.length === 1 ? 'has' : 'have';
  const written = writtenSincePosition(group, platform, site) === 'written';
  const why = written ? 'production has written there' : 'production may have written there';
  const which = `${counted(points.length, 'point')} at ${group.definition.siteNames[site]} (${idsOf(points)})`;
  return `${which} ${have} ended already, as ${why}; the ${undoOf(points)} of undo that went with ${them(points)} are removed.`;
}

function them(points: readonly StoredPoint[]): string {
  return points.length === 1 ? 'it' : 'them';
}

/** That production's first write to promoted volumes ends points there, and what goes with them. */
export function endByWriting(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  if (points.length === 0) return [];
  const name = group.definition.siteNames[site];
  const others = points.length === 1 ? 'the other point' : `the other ${points.length} points`;
  return [
    `Production's first write to the promoted volumes ends ${others} at ${name}.`,
    ...onlyCopies(group, site, points),
    ...keptBefore(group, site, points),
  ];
}

/** How to keep what is nowhere else, while it can be copied; nothing where there is none, or it cannot. */
export function keptBefore(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  const point = points.find((one) => isOnlyCopy(group, site, one));
  if (point === undefined || site !== group.replicaSite) return [];
  if (reasonAgainst(group, 'test-failover') !== null) return [];
  return [`To keep it, copy it before: sitepair test-failover ${group.name} --point ${pointId(point)} --dir DIRECTORY`];
}

const before: Partial<Record<PointKind, string>> = {
  'before-protect': 'it was protected',
  'before-reprotect': 'it was reprotected',
  'before-undo': 'the failover to it was undone, with what it had written until then',
};

/** The point after one at its site; undefined after the newest. */
export function nextPoint(group: OpenGroup, site: SiteLetter, point: StoredPoint): StoredPoint | undefined {
  return group.recordOf(site)?.points.find((one) => comparePoints(one, point) > 0);
}

/** Whether no cycle made a point, so that what it holds is in no other. */
function isOnlyCopy(group: OpenGroup, site: SiteLetter, point: StoredPoint): boolean {
  // Where the cycle after it changed nothing, its point holds the same, be it one that ends or the one gone to.
  const same = nextPoint(group, site, point)?.undo.every(({ bytes }) => bytes === 0) ?? false;
  return before[point.kind] !== undefined && !same;
}

/** What is nowhere else than in these points. */
export function onlyCopies(group: OpenGroup, site: SiteLetter, points: readonly StoredPoint[]): string[] {
  const name = group.definition.siteNames[site];
  return points.flatMap((point) => {
    const what = before[point.kind];
    if (what === undefined || !isOnlyCopy(group, site, point)) return [];
    const copy = `Point ${pointId(point)} (${point.kind}) is the only copy of what ${name} held before ${what}`;
    return [`${copy}${point.kind === 'before-reprotect' ? withOwn(group, site, point) : ''}.`];
  });
}

/** Whether what a reprotect overwrote was in no point before, as the end of a sentence. */
function withOwn(group: OpenGroup, site: SiteLetter, point: StoredPoint): string {
  const next = nextPoint(group, site, point);
  const own: OwnWrites = next === undefined ? { kind: 'unknown' } : ownWrites(group, site, point, next);
  switch (own.kind) {
    case 'none':
      return `, as it was at point ${pointId(own.since)}: it had written nothing of its own after that`;
    case 'some':
      return ', with what it had written that no other point has';
    case 'unknown':
      return ', with what it may have written that no other point has';
  }
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
