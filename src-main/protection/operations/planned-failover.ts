/**
 * Planned failover, and failback, which is the same in the direction of the primary site: production is stopped, a last
 * cycle runs, the old side is demoted durably, the new one promoted. If production wrote again meanwhile, nothing is
 * demoted.
 */
import { SitepairError } from '../../contract/errors.ts';
import { pointId, type WriteMarks } from '../../store/record.ts';
import { runCycle, settleHooks } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import { mayRun, productionStopped } from '../hooks.ts';
import { marksOf, saidOf } from '../marks.ts';
import { stoppedCommandAt } from '../plan/servers.ts';
import { siteEnvironment } from '../plan/step-environment.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { volumesOf } from '../volumes-of.ts';
import { afterPromotion } from './after-promotion.ts';
import { cycleOutcome, type OperationOutcome } from './outcome.ts';
import { finishPromotion, lineageWith, newPromotion } from './promotion.ts';
import { openNextCycle } from './sync.ts';

function runsAgain(what: string): SitepairError {
  return new SitepairError({
    code: 'volume-changed',
    message: `Production was started again during the last cycle: ${what}. Nothing was demoted; the new point stays.`,
    where: what,
    remedy: 'Stop production, then start the planned failover again.',
  });
}

function noAnswer(said: string): SitepairError {
  return new SitepairError({
    code: 'hook-failed',
    message: `After the last cycle the stopped check gave no answer (${said}). Nothing was demoted; the new point stays.`,
    where: said,
    remedy:
      'Make sure that production is stopped and mend the stopped check; then start the planned failover again, or pass it with --accept production-stopped.',
  });
}

/** Throws where production runs or may run, or the source was used or written since `marks` were taken. */
async function assertStillStopped(group: OpenGroup, context: RunContext, marks: WriteMarks['pairs']): Promise<void> {
  const source = otherSite(group.replicaSite);
  for (const pair of group.definition.pairs) {
    const path = pair.paths[source];
    const use = context.platform.uses(path).find((one) => one.writes);
    if (use !== undefined) throw runsAgain(`${path} is ${use.detail}`);
    if (context.platform.describe(path).writeMark.writes !== marks[pair.id]?.writes) {
      throw runsAgain(`${path} was written`);
    }
  }
  const stoppedCheck = stoppedCommandAt(group, source);
  if (stoppedCheck === null || !mayRun(stoppedCheck, context.registration)) return;
  const { stopped, said } = await productionStopped(
    stoppedCheck,
    group.definition,
    context.steering,
    siteEnvironment(group, source),
  );
  if (stopped === false) throw runsAgain(`the stopped check says that it runs (${said})`);
  // No answer is no yes, unless the operator has taken it upon himself.
  if (stopped === null && !(context.request.accept ?? []).includes('production-stopped')) throw noAnswer(said);
}

export async function plannedFailover(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  const source = otherSite(target);
  await settleHooks(group, context, target);
  const held = volumesOf(group, context, source, 'read-exclusive');
  try {
    for (const pair of group.definition.pairs) held.get(pair.number).flush();
    const marks = marksOf(group, context.platform, source);
    const opened = openNextCycle(group, context, { planned: true });
    const { receiving } = opened;
    await cycleOutcome(group, target, () => runCycle(group, context, { source, target, ...opened }), []);
    context.reporter.step('Making sure that production is still stopped');
    await assertStillStopped(group, context, marks);
    const reached = { epoch: receiving.epoch, cycle: receiving.cycle };
    context.reporter.step('Changing sides');
    const promotion = newPromotion(group, target, reached, 'planned-failover');
    // Both stores carry a change of sides: where one does not take what it is told, production stays where it is.
    group.assertTold();
    group.apply('planned-failover', target, { promoting: { promotion, planned: true, from: 'protected', swap: null } });
    group.assertTold();
    demote(group, marks);
    group.assertTold();
    const { atPoint } = finishPromotion(group, context, target);
    return { pointId: pointId(reached), atPoint, next: afterPromotion(group, atPoint) };
  } finally {
    held.close();
  }
}

/**
 * Takes production's role from the old side, durably there first; then the new side knows the raised epoch too. The
 * write marks that it is left with are kept: what production wrote there is of no point, unless it wrote nothing.
 */
function demote(group: OpenGroup, pairs: WriteMarks['pairs']): void {
  const target = group.replicaSite;
  const source = otherSite(target);
  const promoting = group.storeOf(target).record.promoting;
  if (promoting === null) throw new Error('no promotion is under way');
  const { promotion } = promoting;
  const raised = { epoch: promotion.epoch, lineage: lineageWith(group, promotion) };
  const { fields, state } = group.fieldsAfter('demote', source);
  const { marks: before } = group.storeOf(source).record;
  const marks = { point: before !== null && saidOf(before.pairs, pairs) === 'unwritten' ? before.point : null, pairs };
  group.storeOf(source).update({ ...raised, ...fields, marks, doubtful: false }, group.now());
  group.settle(state, source);
}
