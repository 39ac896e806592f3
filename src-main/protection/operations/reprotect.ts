/**
 * reprotect: after a commit, the old production side becomes the replica. Both sides are compared byte for byte and
 * only what differs is moved; what it overwrites stays as the point `before-reprotect`.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { atNoPoint } from '../../store/content.ts';
import { openCycle } from '../../store/cycle.ts';
import { samePoint, type PairDefinition } from '../../store/record.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { grow, sizeWhenMade } from './growth.ts';
import { leftoversWith, removeLeftovers } from './leftovers.ts';
import { makeWhole } from './make-whole.ts';
import { freshBy } from './fresh-by.ts';
import { cycleOutcome, type OperationOutcome } from './outcome.ts';
import { allVersionsAt } from './promoted-clones.ts';
import { journalled } from './sync.ts';
import { prepareTargets } from './targets.ts';

/** The pairs with the paths of replaced volumes put in. */
export function pairsWithReplacements(group: OpenGroup, context: Pick<RunContext, 'request'>): PairDefinition[] {
  const target = group.replicaSite;
  return group.definition.pairs.map((pair) => {
    const replacement = context.request.replace?.find((one) => one.pairId === pair.id);
    return replacement === undefined ? pair : { ...pair, paths: { ...pair.paths, [target]: replacement.path } };
  });
}

export async function reprotect(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const target = group.replicaSite;
  const source = otherSite(target);
  const store = group.storeOf(target);
  const replaced = new Set(context.request.replace?.map((one) => one.pairId) ?? []);
  const pairs = pairsWithReplacements(group, context);
  const mixed = !makeWhole(group, context, target, replaced);
  const { points, position } = store.record;
  const lacked = points.find((point) => samePoint(point, position))?.lacks ?? [];
  context.reporter.step('Looking at the targets');
  store.reserveScratch();
  const sizes = new Map(grow(group, context, pairs, target, true));
  for (const pair of pairs) {
    const made = sizeWhenMade(context.platform, pair, target);
    if (made > pair.sizeBytes) sizes.set(pair.number, made);
  }
  const sized = pairs.map((pair) => ({ ...pair, sizeBytes: sizes.get(pair.number) ?? pair.sizeBytes }));
  const fresh = await prepareTargets(
    context,
    sized.filter((pair) => replaced.has(pair.id)),
    target,
    false,
  );
  const receivingPairs = pairs.map(({ number }) => ({
    ...journalled(number, sizes),
    ...fresh.find((one) => one.number === number),
  }));
  const { fields, state } = group.fieldsAfter('reprotect', target);
  const leftovers = leftoversWith(store.record, allVersionsAt(group, target));
  const definition =
    replaced.size === 0 ? group.definition : { ...group.definition, pairs, version: group.definition.version + 1 };
  const receiving = openCycle(
    store,
    {
      kind: 'reprotect',
      pairs: receivingPairs,
      before: 'before-reprotect',
      // What production left of a pair is not known to be there once its path was changed, nor what its point lacks.
      replaced: [...[...fresh, ...store.record.movedPairs].map((pair) => pair.number), ...lacked],
      mixed,
      also: {
        ...fields,
        definition,
        ...atNoPoint,
        beforeChange: [],
        ...leftovers,
        movedPairs: [],
        epoch: group.ownership.governing?.epoch ?? 0,
        lineage: group.ownership.governing?.lineage ?? [],
      },
    },
    context.now(),
  );
  group.settle(state, target);
  store.collectGarbage();
  removeLeftovers(group, context);
  return cycleOutcome(
    group,
    target,
    () => runCycle(group, context, { source, target, receiving }),
    afterReprotect(group, target),
  );
}

/** What comes next: production goes home, or is there and its new replica is kept fresh. */
export function afterReprotect(group: OpenGroup, target: SiteLetter): string[] {
  const { name, definition } = group;
  const { primarySite, siteNames } = definition;
  const replica = `${siteNames[target]} is the replica now`;
  return target === primarySite
    ? [`${replica}. To bring production back to it: sitepair failback ${name} --confirm ${name}`]
    : [`${replica}, and production is at its primary site. ${freshBy(group)}`];
}
