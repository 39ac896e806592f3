/**
 * protect: the first cycle of a group, onto blank targets, or onto targets whose content is saved (or discarded on
 * demand).
 */
import { atNoPoint } from '../../store/content.ts';
import { openCycle } from '../../store/cycle.ts';
import type { Promotion, Receiving } from '../../store/record.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { resetLostStore } from '../store-setup.ts';
import { freshBy } from './fresh-by.ts';
import { joiningAt, pairsOfSeed } from './joining.ts';
import { cycleOutcome, type OperationOutcome } from './outcome.ts';
import { lineageWith, newPromotion } from './promotion.ts';
import { takeBackUnread } from './roll-back-open.ts';
import { describeIfThere, prepareTargets, removeMade } from './targets.ts';

export async function protect(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const source = group.state.activeSite ?? group.definition.primarySite;
  const target = otherSite(source);
  resetLostStore(group, target);
  const store = group.storeOf(target);
  context.reporter.step('Looking at the targets');
  const pairs = pairsOfSeed(group.definition, target).map((pair) => ({
    ...pair,
    sizeBytes: describeIfThere(context.platform, pair.paths[source])?.sizeBytes ?? pair.sizeBytes,
  }));
  const joining = joiningAt(group.definition, source);
  const definition = { ...group.definition, pairs, joining, version: group.definition.version + 1 };
  // Whatever can fail comes before the files are made, or removes them: nothing would name them.
  store.reserveScratch();
  const { fields, state } = group.fieldsAfter('protect', target);
  const known = group.ownership.governing?.lineage ?? [];
  const first: Promotion | null = known.length === 0 ? newPromotion(group, source, null, 'protect') : null;
  const lineage = first === null ? known : lineageWith(group, first);
  const also = {
    ...fields,
    definition,
    lineage,
    epoch: lineage.at(-1)?.epoch ?? 0,
    ...atNoPoint,
    movedPairs: [],
  };
  const receivingPairs = await prepareTargets(context, pairs, target, context.request.discard === true);
  const before = receivingPairs.some((pair) => pair.save === 'journal') ? 'before-protect' : null;
  let receiving: Receiving;
  try {
    const skipUnreadable = context.request.skipUnreadable === true;
    receiving = openCycle(store, { kind: 'seed', pairs: receivingPairs, before, skipUnreadable, also }, context.now());
  } catch (error) {
    removeMade(pairs, target, receivingPairs);
    throw error;
  }
  group.settle(state, target);
  store.collectGarbage();
  const takeBack = (): void => {
    takeBackUnread(group, context, target, { points: [], position: null });
  };
  return cycleOutcome(group, target, () => runCycle(group, context, { source, target, receiving, takeBack }), [
    freshBy(group),
  ]);
}
