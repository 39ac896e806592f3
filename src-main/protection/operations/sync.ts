/** sync: one cycle from the active site to the replica. */
import { isAnother, isDoubtful } from '../../store/as-mapped.ts';
import { openCycle } from '../../store/cycle.ts';
import type { ReceivingPair } from '../../store/record.ts';
import { anotherVolume, mappedAt, overwritesAnother } from '../another-volume.ts';
import { runCycle, settleHooks, type CycleRun } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { describeUnreadable, mendUnreadable } from '../unreadable-replica.ts';
import { grow } from './growth.ts';
import { prepareJoining } from './joining.ts';
import { cycleOutcome, type OperationOutcome } from './outcome.ts';
import { takeBackUnread } from './roll-back-open.ts';
import { removeMade } from './targets.ts';
import { clearDoubt } from './verify.ts';

/** A pair whose old content is kept, with its new size where it grows. */
export function journalled(number: number, sizes: ReadonlyMap<number, number>): ReceivingPair {
  const sizeBytes = sizes.get(number);
  return { number, save: 'journal', created: false, ...(sizeBytes !== undefined && { sizeBytes }) };
}

interface NextCycle {
  planned?: boolean;
  joining?: readonly ReceivingPair[];
  skipUnreadable?: boolean;
}

/**
 * Opens a cycle in which all old content of the group's pairs is kept; `planned`: the last one of a planned failover;
 * `joining`: pairs that it takes in, their targets ready; `skipUnreadable`: what cannot be read is passed over. Throws
 * `replica-changed` where another volume has a replica's path; where that is accepted, or nothing is as the maps say,
 * these are not believed, and all is compared.
 */
export function openNextCycle(
  group: OpenGroup,
  context: RunContext,
  { planned = false, joining = [], skipUnreadable = false }: NextCycle = {},
): Pick<CycleRun, 'receiving' | 'takeBack'> {
  const target = group.replicaSite;
  const store = group.storeOf(target);
  const { marks } = store.record;
  const found = mappedAt(group, context, target);
  const [other] = found.filter(({ tally }) => isAnother(tally));
  if (other !== undefined && !overwritesAnother(context.request)) throw anotherVolume(group, target, other);
  const unreadable = found.flatMap((one) => one.unreadable);
  if (unreadable.length > 0) {
    context.reporter.warn(
      `At least ${describeUnreadable(group, target, unreadable)}. A cycle goes on as long as it has nothing to read there. ${mendUnreadable(group.name)}`,
    );
  }
  const { fields, state } = group.fieldsAfter('sync', target);
  const sizes = grow(group, context, group.definition.pairs, target, false);
  const pairs = group.definition.pairs.map(({ number }) => journalled(number, sizes));
  // The other side is there: a promotion that is remembered for the case that it knows of it did not reach it.
  const doubt = found.some(({ tally }) => isDoubtful(tally)) ? { doubtful: true } : {};
  const also = { ...fields, promoting: null, ...doubt };
  const all = [...pairs, ...joining];
  const start = { kind: 'cycle', pairs: all, before: null, planned, skipUnreadable, also } as const;
  const receiving = openCycle(store, start, context.now());
  group.settle(state, target);
  return { receiving, takeBack: () => takeBackUnread(group, context, target, { marks }) };
}

export async function sync(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  await settleHooks(group, context, target);
  await clearDoubt(group, context);
  const joining = await prepareJoining(group, context, target);
  let opened: ReturnType<typeof openNextCycle>;
  try {
    opened = openNextCycle(group, context, { joining, skipUnreadable: context.request.skipUnreadable === true });
  } catch (error) {
    removeMade(group.definition.joining, target, joining);
    throw error;
  }
  return cycleOutcome(
    group,
    target,
    () => runCycle(group, context, { source: otherSite(target), target, ...opened }),
    [],
  );
}
