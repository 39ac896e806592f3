/**
 * What the volumes of a group's sites hold, in words: the same on screens and on the command line. Writes to promoted
 * volumes are seen only by looking, so what is said of them goes with the moment of that look.
 */
import { answers, letterOf } from './group-sides.ts';
import type { GroupView, Point } from './groups.ts';
import type { SiteLetter } from './phases.ts';

function production(group: GroupView): SiteLetter | null {
  return letterOf(group, group.activeSite);
}

function nameOf({ primarySite, recoverySite }: GroupView, letter: SiteLetter): string {
  return primarySite.letter === letter ? primarySite.name : recoverySite.name;
}

/**
 * Whether production runs without a replica, at a site that answers: a failover would go to what it has left behind,
 * which is done only where that site is lost too, and its points offer it.
 */
export function isApart(group: GroupView): boolean {
  const active = production(group);
  return (group.phase === 'failed-over' || group.phase === 'committed') && active !== null && answers(group, active);
}

/** Whether production has written to what a failover promoted: that is in no journal, and has ended the points. */
export function isWrittenSince(group: GroupView): boolean {
  const active = production(group);
  return group.phase === 'failed-over' && group.points.some(({ site, state }) => site === active && state === 'ended');
}

/** Whether production's first write will end what promoted volumes hold, and was not seen yet. */
export function awaitsFirstWrite(group: GroupView): boolean {
  const active = production(group);
  return group.phase === 'failed-over' && group.points.some(({ site, current }) => site === active && current);
}

/** Whether its site's volumes hold a point; what an old side was left with may have been written since. */
export function isHeld({ current, kind }: Point): boolean {
  return current && kind !== 'as-left';
}

/** What a point is to the volumes of the site of this name, as half of a sentence; empty where it is nothing. */
export function holdingWords(point: Point, site: string): string {
  if (!point.current) return '';
  return isHeld(point)
    ? `what the volumes of ${site} hold now`
    : `what the volumes of ${site} hold, with all that was written there since`;
}

/** What production holds where no replica follows it, as one sentence; none where that is a point. */
function productionApart(group: GroupView): string[] {
  const active = production(group);
  if (active === null || !isApart(group)) return [];
  if (group.points.some(({ site, current }) => site === active && current)) return [];
  const holds = `Production at ${nameOf(group, active)}`;
  return isWrittenSince(group)
    ? [`${holds} has been written since the failover: what it holds is no point, and it can go back to none.`]
    : [`${holds} may have been written since, so that what it holds is no point.`];
}

/**
 * Which point the volumes of a site hold now, one sentence each; of production that runs apart, that it holds none, or
 * holds one until its first write.
 */
export function heldPoints(group: GroupView): string[] {
  const active = production(group);
  const held = group.points.filter(isHeld).map(({ id, site }) => {
    const holds = `${nameOf(group, site)} holds point ${id}`;
    if (site !== active || !awaitsFirstWrite(group)) return `${holds} now.`;
    return `${holds} until production writes there; at ${group.lookedAt} no write was seen.`;
  });
  return [...held, ...productionApart(group)];
}
