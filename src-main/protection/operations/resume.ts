/** resume: goes on with whatever was interrupted, from what is durable. */
import type { SiteLetter } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import { damagedPoint, reopenCycle } from '../../store/cycle.ts';
import { doubtOfCycle } from '../../store/damage.ts';
import { definitionAtWork } from '../../store/pairs.ts';
import { pointId, samePoint, type Receiving, type SiteRecord } from '../../store/record.ts';
import { assertNoStranger, strangersUnsaved } from '../../store/witnesses.ts';
import { acceptsForeign, describeLost } from '../accepted-damage.ts';
import { runCycle, settleHooks } from '../cycle/run-cycle.ts';
import { plannedCommand, plannedName } from '../cut-off.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { withVolumes } from '../volumes-of.ts';
import { afterPromotion } from './after-promotion.ts';
import { cycleOutcome, markInterrupted, type OperationOutcome } from './outcome.ts';
import { plannedFailover } from './planned-failover.ts';
import { finishPromotion } from './promotion.ts';
import { afterReprotect } from './reprotect.ts';
import { sync } from './sync.ts';
import { remakeTargets } from './targets.ts';
import { continueUndo } from './undo.ts';

/**
 * Begins the open cycle once more. Throws `replica-changed` where a volume holds nothing of what the cycle was begun
 * on; where that is in doubt, all is compared. Where somebody wrote to what the cycle could be rolled back to, the new
 * point will be whole, but no journal leads from it to those before: they are damaged from here on.
 */
function reopen(group: OpenGroup, context: RunContext, fields: Partial<SiteRecord>): Receiving {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  const control = LaneControl.above(context.steering.shared);
  const checkpoint = (): void => {
    control.checkpoint();
  };
  const { compareAll, chunks } = withVolumes(group, context, target, 'read', (volumes) => {
    assertNoStranger(store, strangersUnsaved(store, { volumes, checkpoint }));
    return doubtOfCycle(store, { volumes, foreignAccepted: acceptsForeign(context.request), checkpoint });
  });
  const { points } = store.record;
  const lost = chunks.length > 0 && points.length > 0;
  const marked = lost ? { points: points.map(damagedPoint) } : {};
  const doubt = compareAll || chunks.length > 0 ? { doubtful: true } : {};
  const { skipUnreadable } = context.request;
  const receiving = reopenCycle(store, { ...fields, ...marked, ...doubt }, context.now(), skipUnreadable);
  if (lost) context.reporter.warn(describeLost(group, target, chunks));
  return receiving;
}

async function resumeCycle(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  await settleHooks(group, context, target);
  if (store.record.receiving === null) {
    group.apply('rollback', target);
    return sync(group, context);
  }
  const { fields, state } = group.fieldsAfter('resume', target);
  remakeTargets(context, definitionAtWork(store.record).pairs, target, store.record.receiving.pairs);
  const receiving = reopen(group, context, fields);
  group.settle(state, target);
  const reprotects = state.phase === 'reprotecting';
  const outcome = await cycleOutcome(
    group,
    target,
    () => runCycle(group, context, { source: otherSite(target), target, receiving }),
    reprotects ? afterReprotect(group, target) : [],
  );
  return !reprotects && receiving.planned === true ? { ...outcome, next: plannedIsOff(group, target) } : outcome;
}

/** What to do where only the last cycle of a planned failover was finished. Anew it would stop at a bad sector. */
function plannedIsOff(group: OpenGroup, target: SiteLetter): string[] {
  const { name, siteNames } = group.definition;
  const here = siteNames[otherSite(target)];
  const off = `Production is still at ${here}; the ${plannedName(group, target)} was not gone on with`;
  const { points, position } = group.storeOf(target).record;
  const made = points.find((point) => samePoint(point, position));
  if (made?.unread === undefined) {
    return [`${off}. When production is stopped, start it anew: ${plannedCommand(group, target)}`];
  }
  const id = pointId(made);
  return [
    `${off}, and would stop at what cannot be read again. Stop production and take point ${id}: sitepair failover ${name} --point ${id} --confirm ${name}`,
    `Where production was written since, make a newer point first, and take that: sitepair sync ${name} --skip-unreadable --confirm ${name}`,
  ];
}

async function resumePromotion(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const site = group.replicaSite;
  if (group.state.cancellable) {
    group.apply('rollback', site, { promoting: null });
    return plannedFailover(group, context);
  }
  const store = group.storeOf(site);
  const { governing } = group.ownership;
  const promotion = store.record.promoting?.promotion;
  if (governing !== null && promotion !== undefined && store.record.epoch < governing.epoch) {
    store.update({ epoch: governing.epoch, lineage: governing.lineage }, context.now());
  }
  try {
    const { atPoint } = finishPromotion(group, context, site);
    return { atPoint, next: afterPromotion(group, atPoint) };
  } catch (error) {
    markInterrupted(group, site);
    throw error;
  }
}

async function resumeUndo(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  await settleHooks(group, context, target);
  const { fields, state } = group.fieldsAfter('resume', target);
  if (store.record.receiving === null) store.update(fields, context.now());
  else reopen(group, context, fields);
  group.settle(state, target);
  if (state.undoingFrom === 'failed-over') group.assertTold();
  return continueUndo(group, context);
}

export async function resume(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  if (group.state.phase === 'failing-over') return resumePromotion(group, context);
  if (group.state.phase === 'undoing') return resumeUndo(group, context);
  return resumeCycle(group, context);
}
