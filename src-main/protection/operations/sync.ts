/** sync: one cycle from the active site to the replica. */
import { openCycle } from '../../store/cycle.ts';
import { runCycle, settleHooks, type CycleRun } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { cycleOutcome, type OperationOutcome } from './outcome.ts';
import { takeBackUnread } from './roll-back-open.ts';

/** Opens a cycle in which all old content is kept; `planned`: the last one of a planned failover. */
export function openNextCycle(
  group: OpenGroup,
  context: RunContext,
  planned = false,
): Pick<CycleRun, 'receiving' | 'takeBack'> {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  const { marks } = store.record;
  const { fields, state } = group.fieldsAfter('sync', target);
  const pairs = group.definition.pairs.map((pair) => ({
    number: pair.number,
    save: 'journal' as const,
    created: false,
  }));
  // The other side is there: a promotion that is remembered for the case that it knows of it did not reach it.
  const also = { ...fields, promoting: null };
  const receiving = openCycle(store, { kind: 'cycle', pairs, before: null, planned, also }, context.now());
  group.settle(state, target);
  return { receiving, takeBack: () => takeBackUnread(group, context, target, { marks }) };
}

export async function sync(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  await settleHooks(group, context, target);
  const opened = openNextCycle(group, context);
  return cycleOutcome(
    group,
    target,
    () => runCycle(group, context, { source: otherSite(target), target, ...opened }),
    [],
  );
}
