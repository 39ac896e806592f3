/** The points that a group can be brought to, at which site, and which one is taken when none is named. */
import { SitepairError } from '../contract/errors.ts';
import type { Point } from '../contract/groups.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { mayHoldMix, wasCutOff } from '../store/content.ts';
import {
  comparePoints,
  pointId,
  samePoint,
  type PointKey,
  type Promotion,
  type SiteRecord,
  type StoredPoint,
} from '../store/record.ts';
import { isMix } from '../store/unread.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';
import { onlyIncomplete, unreadView } from './incomplete.ts';
import { writtenSincePosition, type SaidByMarks } from './marks.ts';
import { setAsideBytes } from './operations/promoted-clones.ts';
import { failoverSite, otherSite, type GroupState } from './states.ts';

function pairId({ definition }: SiteRecord, number: number): string {
  return definition.pairs.find((pair) => pair.number === number)?.id ?? String(number);
}

function viewOf(record: SiteRecord, point: StoredPoint, next: StoredPoint | undefined): Point {
  return {
    id: pointId(point),
    at: point.at,
    kind: point.kind,
    consistency: point.consistency,
    state: point.state,
    undoBytes: next?.undo.reduce((sum, journal) => sum + journal.bytes, 0) ?? 0,
    site: record.site,
    current: samePoint(point, record.position) && record.moving === null && record.receiving === null,
    lacks: point.lacks.map((number) => pairId(record, number)),
    ...unreadView(record, point),
  };
}

/** The promotion by which a site lost its role as production: the first that was not its own, since its last. */
export function roleLost(group: OpenGroup, site: SiteLetter): Promotion | undefined {
  const lineage = group.ownership.governing?.lineage ?? [];
  return lineage[1 + lineage.findLastIndex((promotion) => promotion.site === site)];
}

/** The side that production was taken from, and that nothing has been brought to since; null where there is none. */
function oldSide({ phase, activeSite, replicaSite, primarySite, undoingFrom }: GroupState): SiteLetter | null {
  if (phase === 'failed-over' || phase === 'committed') return replicaSite;
  const turning = phase === 'failing-over' && activeSite === null;
  if (!turning && undoingFrom !== 'failed-over') return null;
  return otherSite(replicaSite ?? otherSite(primarySite));
}

/** Whether production's version, which a change of point had set aside, is being brought back; see make-whole.ts. */
function isGivenBack({ promoting, position, receiving, moving, incomplete }: SiteRecord): boolean {
  return promoting?.swap === 'set-aside' && position === null && receiving === null && moving === null && !incomplete;
}

/** What an old production side holds since it lost its role, as a point; null where it is not untouched. */
export function asLeft(group: OpenGroup): { point: Point; key: PointKey; site: SiteLetter } | null {
  const site = oldSide(group.state);
  const { governing } = group.ownership;
  const record = site === null ? null : group.recordOf(site);
  if (site === null || record === null || governing === null) return null;
  const { points, position, movedPairs } = record;
  // A side whose promotion was cut off, and given up, was never left by production; but where its version is being
  // brought back, a failover ends that first.
  if (mayHoldMix(record) && !isGivenBack(record)) return null;
  // A reprotect that was undone gave back a mix, or not all, or volumes that it had replaced do not go with the others.
  const mixed = (point: StoredPoint): boolean =>
    isMix(point) || point.lacks.length > 0 || (point.state === 'damaged' && point.kind === 'before-reprotect');
  if (points.some((point) => samePoint(point, position) && mixed(point))) return null;
  if (group.ownership.relation === 'split') return null;
  const lost = roleLost(group, site);
  const key = { epoch: lost?.epoch ?? governing.epoch, cycle: 0 };
  return {
    key,
    site,
    point: {
      id: pointId(key),
      at: lost?.at ?? record.at,
      kind: 'as-left',
      consistency: 'crash',
      state: 'usable',
      undoBytes: 0,
      site,
      current: true,
      lacks: movedPairs.map(({ number }) => pairId(record, number)),
    },
  };
}

/**
 * The side that an unplanned failover promotes, and the event that leads there. An undo of a failover is the one phase
 * in which either side can be meant: the one that it writes, or, where the old side's `as-left` is named, that.
 */
export function failoverWay(
  group: OpenGroup,
  id: string | undefined,
): { site: SiteLetter; event: 'failover' | 'failover-to-old-side' } {
  const site = failoverSite(group.state);
  const left = asLeft(group);
  if (left === null || left.site === site || pointId(left.key) !== id) return { site, event: 'failover' };
  return { site: left.site, event: 'failover-to-old-side' };
}

/** Production's version from before a change of point, kept beside the volumes. */
function beforeChangeOf(
  group: OpenGroup,
  platform: VolumePlatform,
  record: SiteRecord,
  key: PointKey & { at: string },
): { key: PointKey; view: Point } {
  const stored: StoredPoint = {
    ...key,
    kind: 'before-change',
    consistency: 'crash',
    state: setAsideBytes(group, platform, record.site, key.epoch) === null ? 'incomplete' : 'usable',
    lacks: [],
    undo: [],
  };
  return { key, view: { ...viewOf(record, stored, undefined), current: false } };
}

/** Whether production wrote to a side since it was at the point of its position: by the write marks, in no journal. */
function writtenByProduction(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SaidByMarks {
  const { phase, replicaSite } = group.state;
  // What others write to a replica is another matter, which the checks look into.
  const isReplica = site === replicaSite && phase !== 'failed-over' && phase !== 'committed';
  return isReplica ? 'unwritten' : writtenSincePosition(group, platform, site);
}

/**
 * Whether a point is the one that an old side stands at, with pairs missing or as a mix, so that what it holds has no
 * other name: whoever is told what may have been written there can still promote it.
 */
function isLastWay(group: OpenGroup, site: SiteLetter, point: PointKey): boolean {
  const { position } = group.storeOf(site).record;
  return site === oldSide(group.state) && samePoint(point, position) && asLeft(group) === null;
}

/**
 * What speaks against a point that is an old side's last way, as half of a sentence: production may have written there
 * since. Null elsewhere.
 */
export function doubtOfLastWay(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  point: PointKey,
): string | null {
  if (!isLastWay(group, site, point)) return null;
  const written = oldSideWritten(group, platform, site);
  if (written === 'unwritten') return null;
  return written === 'written'
    ? 'production has written there since'
    : 'whether production has written there since cannot be told';
}

/** Whether production wrote to an old side since it was at one of the points that it has. */
function oldSideWritten(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SaidByMarks {
  const { record } = group.storeOf(site);
  if (site === group.state.activeSite || record.points.length === 0) return 'unwritten';
  const written = writtenByProduction(group, platform, site);
  // A promotion that was cut off gave production nothing to write to.
  return written === 'unknown' && wasCutOff(record) ? 'unwritten' : written;
}

/**
 * All points, oldest first by epoch and cycle. After production's first write to promoted volumes their points are
 * ended, unless they were cloned: that write is in no journal. So are those of an old side, where nothing proves that
 * there was none.
 */
export function pointsOf(group: OpenGroup, platform: VolumePlatform): Point[] {
  const points: { key: PointKey; view: Point }[] = [];
  for (const site of ['A', 'B'] as const) {
    const side = group.sides[site];
    if (side.store === null || side.state !== 'read') continue;
    const { record } = side.store;
    const written = writtenByProduction(group, platform, site);
    const mayBeWritten = oldSideWritten(group, platform, site) !== 'unwritten';
    record.points.forEach((point, n) => {
      const ended = (written === 'written' || mayBeWritten) && !record.promotedClones && !isLastWay(group, site, point);
      const view = viewOf(record, point, record.points[n + 1]);
      const current = view.current && written === 'unwritten';
      points.push({ key: point, view: ended ? { ...view, state: 'ended', current } : { ...view, current } });
    });
    points.push(...record.beforeChange.map((version) => beforeChangeOf(group, platform, record, version)));
  }
  const left = asLeft(group);
  if (left !== null) points.push({ key: left.key, view: left.point });
  return points.sort((a, b) => comparePoints(a.key, b.key)).map(({ view }) => view);
}

function unknownPoint(group: OpenGroup, id: string): SitepairError {
  return new SitepairError({
    code: 'point-unknown',
    message: `The group ${group.name} has no point ${id} that this operation could go to.`,
    where: id,
    remedy: `List the points with: sitepair points ${group.name}`,
  });
}

/**
 * Points of a record in the order in which they are preferred: usable before damaged, consistent before fuzzy, newest
 * first. One that lacks what could not be read is never among them.
 */
export function preferredPoint(record: SiteRecord): StoredPoint | null {
  const rank = (point: StoredPoint): number =>
    (point.state === 'usable' ? 0 : 4) + (point.lacks.length > 0 ? 2 : 0) + (point.consistency === 'fuzzy' ? 1 : 0);
  const cycles = record.points.filter((point) => point.kind === 'cycle' && point.unread === undefined);
  return [...cycles].sort((a, b) => rank(a) - rank(b) || comparePoints(b, a))[0] ?? null;
}

/**
 * Production has written to this old side, or may have, so its points are ended, or at least not the newest that it
 * holds.
 */
function endedPoints(group: OpenGroup, site: SiteLetter, written: 'written' | 'unknown'): SitepairError {
  const left = asLeft(group);
  const id = left?.site === site ? pointId(left.key) : null;
  const name = group.definition.siteNames[site];
  return new SitepairError({
    code: 'not-allowed',
    message:
      written === 'written'
        ? `Production has written to ${name} since its points were made; what it holds now is newer than any of them.`
        : `Whether production has written to ${name} since its points were made cannot be told; what it holds now may be newer than any of them.`,
    remedy:
      id === null
        ? `List the points with: sitepair points ${group.name}`
        : `What it holds can be promoted only when it is named: sitepair failover ${group.name} --point ${id} --confirm ${group.name}. What was written elsewhere since is lost then.`,
  });
}

/** A version that was set aside is gone to by a change of point only, while all of its files are there. */
function keyOfVersion(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  { epoch, cycle }: PointKey,
): PointKey {
  const id = pointId({ epoch, cycle });
  const there = setAsideBytes(group, platform, site, epoch) !== null;
  if (there && site === group.state.activeSite) return { epoch, cycle };
  throw new SitepairError({
    code: 'not-allowed',
    message: there
      ? `Point ${id} is a version that a change of point has set aside beside the volumes; only another change of point brings it back.`
      : `Point ${id} is a version that was set aside beside the volumes at ${group.definition.siteNames[site]}, and files of it are not there.`,
    remedy: there
      ? `Fail over to a point of a cycle first, then: sitepair change-point ${group.name} --point ${id} --confirm ${group.name}`
      : `Take another point: sitepair points ${group.name}`,
  });
}

/**
 * The point that a failover or a change of point at `site` goes to. Points that are not cycles (`as-left`, `before-…`)
 * are taken only when they are named. Throws `point-unknown`, and `not-allowed` for a failover to a point that
 * production's writes have ended.
 */
export function choosePoint(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  id: string | undefined,
): PointKey {
  const { record } = group.storeOf(site);
  const written = oldSideWritten(group, platform, site);
  if (id !== undefined) {
    const named = record.points.find((point) => pointId(point) === id);
    if (named !== undefined && written !== 'unwritten' && !record.promotedClones && !isLastWay(group, site, named)) {
      throw endedPoints(group, site, written);
    }
    if (named !== undefined) return { epoch: named.epoch, cycle: named.cycle };
    const version = record.beforeChange.find((one) => pointId(one) === id);
    if (version !== undefined) return keyOfVersion(group, platform, site, version);
    const left = asLeft(group);
    if (left?.site === site && pointId(left.key) === id) return left.key;
    throw unknownPoint(group, id);
  }
  const best = preferredPoint(record);
  if (written === 'written' || (written === 'unknown' && best !== null)) throw endedPoints(group, site, written);
  if (best !== null) return { epoch: best.epoch, cycle: best.cycle };
  const incomplete = onlyIncomplete(group, record);
  if (incomplete !== null) throw new SitepairError({ code: 'point-unknown', ...incomplete });
  const left = asLeft(group);
  const named = left?.site === site ? pointId(left.key) : record.points[0] && pointId(record.points[0]);
  throw new SitepairError({
    code: 'point-unknown',
    message: `Site ${group.definition.siteNames[site]} has no point of a cycle to fail over to.`,
    remedy:
      named === undefined
        ? `There is nothing to bring back at that site; see: sitepair group show ${group.name}`
        : `What it holds can be promoted only when it is named: sitepair failover ${group.name} --point ${named} --confirm ${group.name}. What was written since is lost then.`,
  });
}
