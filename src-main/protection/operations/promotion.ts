/**
 * Changing sides. The intent, with the raised epoch, is durable before the first write; the volumes are brought to the
 * point; one write of the record ends it. Cut off anywhere in between, `finishPromotion` goes on.
 */
import { randomUUID } from 'node:crypto';
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import { atNoPoint } from '../../store/content.ts';
import { damagedPoint } from '../../store/cycle.ts';
import { assertMovable } from '../../store/move.ts';
import { nextCycle } from '../../store/numbering.ts';
import { pointId, samePoint, type PointKey, type Promotion, type SiteRecord } from '../../store/record.ts';
import { acceptedInMove } from '../accepted-damage.ts';
import { isDoubtfulToPromote } from '../another-volume.ts';
import type { OpenGroup } from '../group.ts';
import { writtenSincePosition } from '../marks.ts';
import { nowAndThen, type RunContext } from '../run-context.ts';
import type { Event } from '../states.ts';
import { volumesOf } from '../volumes-of.ts';
import { bringToPoint } from './bring-to-point.ts';
import { leftoversWith, removeLeftovers } from './leftovers.ts';
import {
  assertExchangeable,
  bringBack,
  clonesAt,
  cloneVolumes,
  openClones,
  setAside,
  type Replaced,
} from './promoted-clones.ts';
import { rollBackOpenCycle } from './roll-back-open.ts';

export function newPromotion(
  group: OpenGroup,
  site: SiteLetter,
  point: PointKey | null,
  why: Promotion['why'],
): Promotion {
  const epoch = (group.ownership.governing?.epoch ?? 0) + 1;
  // A planned failover that was cut off while the old side was lost may have demoted that side already: the same
  // promotion is meant, or the two would be taken for a split when the old side comes back.
  const cutOff = group.sides[site].store?.record.promoting?.promotion;
  const known = cutOff?.epoch === epoch && cutOff.site === site ? cutOff.id : idOfUndo(group, site);
  const id = known ?? randomUUID();
  const kind = group.recordOf(site)?.points.find((one) => samePoint(one, point))?.kind;
  return { epoch, id, site, point, ...(kind === undefined ? {} : { kind }), at: group.now().toISOString(), why };
}

/**
 * The id of the promotion that gives the old side its role back while a failover is being undone; null elsewhere. An
 * undo that ended without the old side being told is the same promotion as the failover to it that follows where the
 * other side is lost then: so its id is made from that of the promotion that is undone.
 */
function idOfUndo(group: OpenGroup, site: SiteLetter): string | null {
  const { phase, undoingFrom, replicaSite } = group.state;
  if (phase !== 'undoing' || undoingFrom !== 'failed-over' || site === replicaSite) return null;
  const undone = group.ownership.governing?.lineage.at(-1);
  return undone === undefined ? null : `undo of ${undone.id}`;
}

/** The lineage of the side that governs, with one promotion more. */
export function lineageWith(group: OpenGroup, promotion: Promotion): Promotion[] {
  return [...(group.ownership.governing?.lineage ?? []), promotion];
}

/**
 * Throws where the volumes, or the clones that are to take their place, could not be brought to the promotion's point,
 * while nothing has been changed yet.
 */
function assertReachable(
  group: OpenGroup,
  context: RunContext,
  { site, point }: Promotion,
  from: 'volumes' | 'clones',
): void {
  const store = group.storeOf(site);
  if (point === null || !store.record.points.some((one) => samePoint(one, point))) return;
  const control = LaneControl.above(context.steering.shared);
  context.reporter.step('Making sure that the point can be reached');
  const volumes =
    from === 'clones' ? openClones(group, context.platform, site) : volumesOf(group, context, site, 'read');
  try {
    assertMovable(store, point, {
      volumes,
      checkpoint: () => {
        control.checkpoint();
      },
      tell: nowAndThen(context),
      ...acceptedInMove(group, context, site),
    });
  } finally {
    volumes.close();
  }
}

/**
 * Whether what a side's volumes become at one of its points is known not to be that point, or may not be, by its record
 * or by the checks of this run.
 */
export function isInDoubt(group: OpenGroup, { differing }: RunContext, site: SiteLetter, point: PointKey): boolean {
  const record = group.recordOf(site);
  if (record === null || !(record.doubtful || differing.has(site))) return false;
  return record.points.some((one) => samePoint(one, point));
}

/**
 * What the record says of volumes that are brought to a point in doubt. It belongs to the write that begins this, so
 * that nothing is taken for whole, wherever it is cut off.
 */
export function markedInDoubt(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  point: PointKey,
): Partial<SiteRecord> {
  if (!isInDoubt(group, context, site, point)) return {};
  context.reporter.warn(
    `Whether the volumes of ${group.definition.siteNames[site]} are what their points say is in doubt; the points are marked damaged.`,
  );
  return { points: group.storeOf(site).record.points.map(damagedPoint), doubtful: true };
}

/**
 * Says durably at the promotion's site that it is being promoted: from here on every other writer is fenced. A cycle
 * that is open there is rolled back, and ends in the same step.
 */
export function beginPromotion(
  group: OpenGroup,
  context: RunContext,
  event: Event,
  promotion: Promotion,
  swap: 'set-aside' | 'bring-back' | null = null,
): void {
  const { site, epoch } = promotion;
  const from = group.state.phase;
  const { fields, state } = group.fieldsAfter(event, site);
  const promoting = { promotion, planned: false, from, swap };
  if (swap === 'set-aside') assertExchangeable(group, site, epoch);
  if (swap !== 'bring-back') assertReachable(group, context, promotion, swap === null ? 'volumes' : 'clones');
  const marked = promotion.point === null ? {} : markedInDoubt(group, context, site, promotion.point);
  const lineage = lineageWith(group, promotion);
  rollBackOpenCycle(group, context, site, { ...fields, ...marked, epoch, lineage, promoting });
  group.settle(state, site);
}

/** Exchanges the volumes with their clones or with production's version, as the promotion at hand wants. */
function swapVolumes(group: OpenGroup, context: RunContext, site: SiteLetter): void {
  const store = group.storeOf(site);
  const { promoting, beforeChange, counter } = store.record;
  if (!promoting?.swap) return;
  const { epoch, at, point } = promoting.promotion;
  if (promoting.swap === 'set-aside') {
    context.reporter.step("Setting production's version aside");
    setAside(group, context, site, epoch);
    const cycle = nextCycle(counter);
    store.update(
      {
        counter: cycle,
        beforeChange: [...beforeChange, { epoch, cycle, at }],
        promoting: { ...promoting, swap: null },
      },
      context.now(),
    );
    return;
  }
  context.reporter.step("Bringing production's version back");
  if (point !== null) bringBack(group, context, site, point.epoch);
  const back = { ...promoting, swap: null, promotion: { ...promoting.promotion, point: null } };
  store.update({ beforeChange: beforeChange.filter((one) => !samePoint(one, point)), promoting: back }, context.now());
}

/** Gives production's version its place again where an exchange was cut off and given up: pairs may differ then. */
export function takeSwapBack(group: OpenGroup, context: RunContext, site: SiteLetter, replaced?: Replaced): void {
  const store = group.storeOf(site);
  const { promoting, beforeChange } = store.record;
  if (!promoting?.swap) return;
  const { epoch, point } = promoting.promotion;
  const kept = promoting.swap === 'set-aside' ? epoch : point?.epoch;
  if (kept !== undefined) bringBack(group, context, site, kept, replaced);
  store.update({ promoting: null, beforeChange: beforeChange.filter((one) => one.epoch !== kept) }, context.now());
}

/**
 * Throws `not-allowed` where the record names no promotion, or one that leaves volumes half-way between two points:
 * nobody becomes active with those.
 */
function assertFinishable(group: OpenGroup, site: SiteLetter): void {
  const { promoting, moving, points } = group.storeOf(site).record;
  const point = promoting?.promotion.point ?? null;
  if (promoting !== null && (moving === null || points.some((one) => samePoint(one, point)))) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `The record of ${group.definition.siteNames[site]} does not say to which point its volumes were to be brought; nothing was promoted.`,
    where: group.sides[site].folder,
    remedy: `Promote the other side instead, with the point that is named there: sitepair points ${group.name}`,
  });
}

/**
 * Brings the volumes to the point of the promotion that the record names, and ends it. Tells whether they are at a
 * point then, or hold production's version, which was brought back. `looked`: whether this run has looked already at
 * what is promoted as it is.
 */
export function finishPromotion(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  looked = false,
): { atPoint: boolean } {
  assertFinishable(group, site);
  const store = group.storeOf(site);
  swapVolumes(group, context, site);
  const point = store.record.promoting?.promotion.point ?? null;
  const knows = point !== null && store.record.points.some((one) => samePoint(one, point));
  // A side that is promoted as production left it is at no point, and no journal leads from what it holds to those that
  // it had; but where nobody wrote since it was at one, that and its clones are good.
  const ends = point !== null && !knows && writtenSincePosition(group, context.platform, site) !== 'unwritten';
  const { fields, state } = group.fieldsAfter('done', site);
  const done: Partial<SiteRecord> = {
    ...fields,
    ...(ends ? { ...atNoPoint, doubtful: false } : {}),
    // Clones of an earlier promotion are replaced below; cut off in between there is none, and none may be counted on.
    ...(knows ? { promotedClones: false } : {}),
    promoting: null,
    incomplete: false,
    ...(knows || ends ? leftoversWith(store.record, clonesAt(group, site)) : {}),
  };
  if (knows && (!samePoint(point, store.record.position) || store.record.moving !== null)) {
    context.reporter.step(`Bringing the volumes to point ${pointId(point)}`);
    bringToPoint(group, context, { site, point, done });
  } else {
    const doubt = knows && !looked && isDoubtfulToPromote(group, context, site, true);
    const marked = doubt ? { points: store.record.points.map(damagedPoint), doubtful: true } : {};
    store.update({ ...done, ...marked }, context.now());
    store.collectGarbage();
  }
  // Volumes are cloned only where they were just brought to a point: others may hold what production wrote.
  if (knows && cloneVolumes(group, context.platform, site)) {
    const clones = clonesAt(group, site);
    const leftovers = store.record.leftovers.filter((file) => !clones.includes(file));
    store.update({ promotedClones: true, leftovers }, context.now());
  }
  group.settle(state, site);
  removeLeftovers(group, context);
  return { atPoint: point !== null };
}
