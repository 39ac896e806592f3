/**
 * undo. Of a failover: production goes back to the old side; where the replica was written meanwhile, a cycle brings it
 * back and keeps what it held as `before-undo`. Of a reprotect: the overwritten side is brought to what it held before.
 */
import { SitepairError } from '../../contract/errors.ts';
import { LaneControl } from '../../engine/control.ts';
import { atNoPoint } from '../../store/content.ts';
import { openCycle } from '../../store/cycle.ts';
import { aimedAt } from '../../store/gaps.ts';
import { assertMovable } from '../../store/move.ts';
import { pointId, samePoint, type PointKey, type SiteRecord, type StoredPoint } from '../../store/record.ts';
import { isMix } from '../../store/unread.ts';
import { acceptedInMove, acceptsDamage } from '../accepted-damage.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { withVolumes } from '../volumes-of.ts';
import { writtenSince } from './change-point.ts';
import { bringToPoint } from './bring-to-point.ts';
import { leftoversWith, removeLeftovers } from './leftovers.ts';
import { countedClonesAt } from './promoted-clones.ts';
import { cycleOutcome, markInterrupted, type OperationOutcome } from './outcome.ts';
import { lineageWith, markedInDoubt, newPromotion } from './promotion.ts';
import { forGood, rollBackOpenCycle } from './roll-back-open.ts';

/**
 * Takes production back to the old side. Throws where that side cannot be told: the end is its promotion, and it must
 * know that this is meant, or a failover to it after the other side is lost would be taken for a split.
 */
async function undoFailover(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const site = group.state.activeSite ?? group.replicaSite;
  const store = group.storeOf(site);
  context.reporter.step('Looking for what production has written');
  const written = await writtenSince(group, context, site);
  const newest = store.record.points.at(-1);
  const untouched = written.certain && written.ranges.length === 0;
  const { fields: after, state } = group.fieldsAfter('undo', site);
  if (untouched && newest !== undefined && leadsTo(group, context, newest)) {
    store.update({ ...after, moving: aimedAt(store.record, newest) }, context.now());
    group.settle(state, site);
    group.assertTold();
    return moveBack(group, context, newest);
  }
  context.reporter.step('Opening the cycle that brings the replica back');
  const pairs = group.definition.pairs.map((pair) => ({
    number: pair.number,
    save: 'journal' as const,
    created: false,
  }));
  // A side that was promoted as it was left has never been a replica, and has no room for going to another point yet.
  store.reserveScratch();
  const also = { ...after, ...leftoversWith(store.record, countedClonesAt(group, site)), ...atNoPoint };
  openCycle(store, { kind: 'undo', pairs, before: 'before-undo', also }, context.now());
  group.settle(state, site);
  group.assertTold();
  store.collectGarbage();
  removeLeftovers(group, context);
  return continueUndo(group, context);
}

/**
 * Whether the journals lead to a point, looked at before anything is begun. Where they do not, that throws, but where
 * the operator accepts that the points end: a cycle gets by without them.
 */
function leadsTo(group: OpenGroup, context: RunContext, target: PointKey): boolean {
  const site = group.state.activeSite ?? group.replicaSite;
  const control = LaneControl.above(context.steering.shared);
  try {
    withVolumes(group, context, site, 'read', (volumes) => {
      assertMovable(group.storeOf(site), target, {
        volumes,
        checkpoint: () => {
          control.checkpoint();
        },
      });
    });
    return true;
  } catch (error) {
    const { code, message, where } = asReport(error);
    if (!forGood.includes(code)) throw error;
    const { siteNames } = group.definition;
    const anew = `all of it is compared with ${siteNames[otherSite(site)]} instead, what it holds is kept as before-undo, and its other points end`;
    if (acceptsDamage(context.request)) {
      context.reporter.warn(`${message} So ${anew}.`);
      return false;
    }
    throw new SitepairError({
      code,
      message: `The replica at ${siteNames[site]} cannot be brought back to point ${pointId(target)}. ${message}`,
      ...(where === undefined ? {} : { where }),
      remedy: `Without its journals it is brought back with: sitepair undo ${group.name} --accept replica-intact --confirm ${group.name}; ${anew}. Or stay at ${siteNames[site]}, and commit.`,
    });
  }
}

/** What the end of an undo changes in the record: an undone failover is a promotion of the old side. */
function ending(group: OpenGroup): Partial<SiteRecord> {
  if (group.state.undoingFrom !== 'failed-over') return {};
  const promotion = newPromotion(group, otherSite(group.replicaSite), null, 'undo');
  return { epoch: promotion.epoch, lineage: lineageWith(group, promotion) };
}

/** Brings the volumes to a point through the journals, and ends the undo. */
function moveBack(group: OpenGroup, context: RunContext, target: PointKey): OperationOutcome {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  const ofReprotect = group.state.undoingFrom === 'protected';
  const { fields, state } = group.fieldsAfter('done', site);
  context.reporter.step('Bringing the volumes back');
  // Until here they are what an undo that is rolled back leaves the points resting on.
  const clones = { promotedClones: false, ...leftoversWith(store.record, countedClonesAt(group, site)) };
  const after = ofReprotect ? withoutReprotect(store.record) : {};
  try {
    const done = { ...fields, ...ending(group), ...clones, ...after };
    bringToPoint(group, context, { site, point: target, done });
  } catch (error) {
    markInterrupted(group, site);
    throw error;
  }
  group.settle(state, site);
  store.collectGarbage();
  removeLeftovers(group, context);
  const active = group.definition.siteNames[otherSite(site)];
  return {
    next: ofReprotect ? afterUndoneReprotect(group) : [`Production belongs to ${active} again: start it there.`],
  };
}

/** What is said where the record names neither an open cycle nor a move: it says nothing of what the volumes hold. */
function nothingUnderWay(group: OpenGroup): SitepairError {
  const { folder, site } = group.sides[group.replicaSite];
  return new SitepairError({
    code: 'not-allowed',
    message: `The record in ${folder} does not say how far the undo came; nothing was changed.`,
    where: folder,
    remedy: `Put the store of ${group.definition.siteNames[site]} back with which the undo was begun; if it is lost, give the group a new one with group set.`,
  });
}

/** Goes on with an undo, from wherever it stopped. */
export async function continueUndo(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  const { receiving, moving } = store.record;
  if (receiving === null) {
    if (moving === null) throw nothingUnderWay(group);
    return moveBack(group, context, moving.to);
  }
  const source = otherSite(target);
  const also = ending(group);
  const { siteNames } = group.definition;
  const outcome = await cycleOutcome(
    group,
    target,
    () => runCycle(group, context, { source, target, receiving, also }),
    [`Production belongs to ${siteNames[source]} again: start it there.`],
  );
  const kept = store.record.points.findLast(({ kind }) => kind === 'before-undo');
  if (kept === undefined) return outcome;
  const keeps = `What ${siteNames[target]} held before is kept there as point ${pointId(kept)} (before-undo), until it is dropped.`;
  return { ...outcome, next: [...outcome.next, keeps] };
}

/**
 * Takes an interrupted undo back: the phase before it, and the volumes as they were then. Where a cycle had overwritten
 * them they are as production left them: it writes on, so that `before-undo` would soon be untrue, and it ends.
 */
export function rollBackUndo(group: OpenGroup, context: RunContext): OperationOutcome {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  const { fields, state } = group.fieldsAfter('rollback', site);
  const { moving, receiving } = store.record;
  if (moving === null && receiving === null) throw nothingUnderWay(group);
  if (moving === null) {
    rollBackOpenCycle(group, context, site, { ...fields, ...atNoPoint });
  } else {
    bringToPoint(group, context, { site, point: moving.from, done: fields });
  }
  group.settle(state, site);
  return { atPoint: moving !== null, next: [] };
}

/** What to do after the undo of a reprotect: production goes on, and wants a replica. */
function afterUndoneReprotect({ name }: OpenGroup): string[] {
  return [`To protect production again: sitepair reprotect ${name} --confirm ${name}`];
}

function beforeReprotect(group: OpenGroup): StoredPoint {
  const { points, position } = group.storeOf(group.replicaSite).record;
  const point = points.find((one) => one.kind === 'before-reprotect');
  if (point !== undefined && !samePoint(point, position)) return point;
  throw new SitepairError({
    code: 'point-unknown',
    message: `The group ${group.name} has no point before-reprotect to go back to.`,
    remedy: `List the points with: sitepair points ${group.name}`,
  });
}

/**
 * What is left of the points of a reprotect that is taken back: none, as the side is as it was left; but where pairs
 * got new volumes, or the side held a mix, or does not become what it held, the point stays that says so.
 */
function lackingPoints({ points }: SiteRecord): StoredPoint[] {
  return points.filter(
    (point) => point.kind === 'before-reprotect' && (point.lacks.length > 0 || point.state !== 'usable'),
  );
}

/** What the record says after a reprotect was taken back. */
function withoutReprotect(record: SiteRecord): Partial<SiteRecord> {
  const points = lackingPoints(record);
  return { points, incomplete: points.some(isMix) };
}

/** Takes a completed reprotect back. Where that cannot be done, nothing is begun and the group stays as it is. */
function undoReprotect(group: OpenGroup, context: RunContext): OperationOutcome {
  const site = group.replicaSite;
  const target = beforeReprotect(group);
  const store = group.storeOf(site);
  const control = LaneControl.above(context.steering.shared);
  withVolumes(group, context, site, 'read', (volumes) => {
    assertMovable(store, target, {
      volumes,
      checkpoint: () => {
        control.checkpoint();
      },
      ...acceptedInMove(group, context, site),
    });
  });
  const { fields: after, state } = group.fieldsAfter('undo', site);
  const fields = { ...after, ...markedInDoubt(group, context, site, target) };
  store.update({ ...fields, moving: aimedAt(store.record, target) }, context.now());
  group.settle(state, site);
  return moveBack(group, context, target);
}

/** Takes a reprotect back that is not complete. */
function undoOpenReprotect(group: OpenGroup, context: RunContext): OperationOutcome {
  const site = group.replicaSite;
  const store = group.storeOf(site);
  const { fields, state } = group.fieldsAfter('undo', site);
  context.reporter.step('Rolling the reprotect back');
  rollBackOpenCycle(group, context, site, { ...fields, ...withoutReprotect(store.record) });
  group.settle(state, site);
  store.collectGarbage();
  return { next: afterUndoneReprotect(group) };
}

export async function undo(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  if (group.state.phase === 'failed-over') return undoFailover(group, context);
  if (group.state.phase === 'reprotecting') return undoOpenReprotect(group, context);
  return undoReprotect(group, context);
}
