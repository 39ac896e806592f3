/**
 * The point that a failover takes where none is named, and its age: the one source of all that is told of how far a
 * group is behind. It is not the newest where that one is fuzzy, incomplete or damaged and an older one is not.
 */
import type { PassedOver } from '../contract/groups.ts';
import { describePassedOver, describeSeconds } from '../contract/wording.ts';
import { comparePoints, pointId, type StoredPoint } from '../store/record.ts';
import type { OpenGroup } from './group.ts';
import { healthOfIncomplete } from './incomplete.ts';
import { preferredPoint } from './points.ts';

/** Whether production runs elsewhere than where the replica's points lie. */
function isReplicated({ state: { phase } }: OpenGroup): boolean {
  return phase !== 'failed-over' && phase !== 'committed';
}

/**
 * The newest point of a cycle; null where there is none, or nothing is replicated. One that is damaged counts for none,
 * nor do those before it: unlike what makes a point fuzzy or incomplete, that ends with the next cycle.
 */
export function newestCycle(group: OpenGroup): StoredPoint | null {
  const points = isReplicated(group) ? group.recordOf(group.replicaSite)?.points : undefined;
  const newest = points?.findLast((point) => point.kind === 'cycle');
  return newest === undefined || newest.state === 'damaged' ? null : newest;
}

/** The point that a failover takes where none is named; null where there is none, or nothing is replicated. */
export function bestPoint(group: OpenGroup): StoredPoint | null {
  const record = group.recordOf(group.replicaSite);
  return record === null || !isReplicated(group) ? null : preferredPoint(record);
}

/** Seconds since a point was taken, negative where it is dated in the future; null for none. */
export function ageOf(group: OpenGroup, point: StoredPoint | null): number | null {
  return point === null ? null : Math.round((group.now().getTime() - Date.parse(point.at)) / 1000);
}

/** Points of cycles that are newer than the one that a failover takes; null where there are none. */
export function passedOver(group: OpenGroup): PassedOver | null {
  const best = bestPoint(group);
  if (best === null) return null;
  const points = group.recordOf(group.replicaSite)?.points ?? [];
  const newer = points.filter((point) => point.kind === 'cycle' && comparePoints(point, best) > 0);
  const fuzzy = newer.filter(
    ({ consistency, state, lacks, unread }) =>
      consistency === 'fuzzy' && state === 'usable' && lacks.length === 0 && unread === undefined,
  );
  return newer.length === 0 ? null : { points: newer.length, fuzzy: fuzzy.length };
}

/** What is to be known of that point, and of its age against the target; one sentence or two each. */
export function healthOfPoint(group: OpenGroup): string[] {
  const best = bestPoint(group);
  const age = ageOf(group, best);
  const target = describeSeconds(group.definition.policy.rpoSeconds);
  const missed = age !== null && age > group.definition.policy.rpoSeconds;
  const incomplete = isReplicated(group) ? healthOfIncomplete(group, best) : null;
  const passed = passedOver(group);
  if (incomplete === null && best !== null && passed !== null) {
    // Its age grows while this stands on a screen, so it is told elsewhere.
    const which = missed ? `${pointId(best)}, which is older than its target of ${target}` : pointId(best);
    const better = `; a command before the cycle that quiesces production, or makes snapshots of it, makes better ones: sitepair group set ${group.name} --before-cycle COMMAND`;
    const named = `A newer one is taken where it is named${passed.fuzzy > 0 ? better : '.'}`;
    return [`A failover takes point ${which}: ${describePassedOver(passed)}. ${named}`, ...ahead(age)];
  }
  return [
    ...(incomplete === null ? [] : [incomplete]),
    ...(missed ? [`The point that a failover takes is older than its target of ${target}.`] : []),
    ...ahead(age),
  ];
}

function ahead(age: number | null): string[] {
  if (age === null || age >= 0) return [];
  return [`The point that a failover takes is dated ${describeSeconds(-age)} in the future: a clock was set back.`];
}
