/** rollback: takes an interrupted cycle, seed, undo or not yet demoted planned failover back. */
import type { SiteLetter } from '../../contract/phases.ts';
import { settleHooks } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import type { OperationOutcome } from './outcome.ts';
import { rollBackOpenCycle } from './roll-back-open.ts';
import { rollBackUndo } from './undo.ts';
import { settleDoubt } from './verify.ts';

export async function rollback(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const site = group.replicaSite;
  const done = await takeBack(group, context, site);
  // Last, as nothing of the source may stand in the way of a rollback.
  await settleHooks(group, context, site);
  return done;
}

async function takeBack(group: OpenGroup, context: RunContext, site: SiteLetter): Promise<OperationOutcome> {
  const store = group.storeOf(site);
  if (group.state.phase === 'undoing') return rollBackUndo(group, context);
  if (group.state.phase === 'failing-over') {
    const { promoting } = store.record;
    // Where the old side's record cannot be used, be it lost or an old copy, it may have been demoted: the promotion is
    // remembered, so that a failover means the same.
    group.apply('rollback', site, { promoting: group.recordOf(otherSite(site)) === null ? promoting : null });
    return { next: [] };
  }
  const seeding = group.state.phase === 'seeding';
  const { fields, state } = group.fieldsAfter('rollback', site);
  const also = seeding ? { ...fields, points: [], position: null } : fields;
  context.reporter.step('Rolling back');
  rollBackOpenCycle(group, context, site, also);
  group.settle(state, site);
  store.collectGarbage();
  if (store.record.doubtful && !seeding) await settleDoubt(group, context);
  return { next: afterRollback(group) };
}

/** What to do once a cycle was taken back: production has gone on meanwhile. */
function afterRollback({ name, state }: OpenGroup): string[] {
  if (state.phase === 'unprotected') return [`When it can be copied again: sitepair protect ${name}`];
  return state.phase === 'protected' ? [`To bring the replica up to date: sitepair sync ${name}`] : [];
}
