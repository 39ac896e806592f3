/** What is looked at to prove each way, and what cannot be proved before it comes to it. */
import type { CheckId } from '../../contract/checks.ts';
import type { Way } from '../../contract/readiness.ts';
import type { Operation, SiteLetter } from '../../contract/phases.ts';
import { type Check, type Finding, type Scope, pass } from '../checks/check.ts';
import { productionStopped } from '../checks/production-stopped.ts';
import { scopeOf } from '../checks/scope.ts';
import { checkTable, type CheckRule } from '../checks/table.ts';
import type { OpenGroup } from '../group.ts';
import { standingOf } from '../standing.ts';
import { mayRun } from '../hooks.ts';
import { stoppedCommandAt } from '../plan/servers.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { goneAway } from './configuration.ts';
import { spaceAway } from './space-away.ts';

export interface WayAhead {
  way: Way;
  /** The site that it leads to. */
  to: SiteLetter;
  context: RunContext;
  scope: Scope;
  rules: readonly CheckRule[];
  /** What is looked at in the place of a check. */
  others: Partial<Record<CheckId, Check>>;
  later: string[];
}

/** Production runs now, as it should: only whether it could be asked is looked at, and nothing is asked. */
const canBeAsked: Check = {
  ...productionStopped,
  title: 'The stopped check may run here',
  look: ({ group, context, scope }): Finding => {
    const stoppedCheck = stoppedCommandAt(group, otherSite(scope.written ?? group.replicaSite));
    if (stoppedCheck === null || mayRun(stoppedCheck, context.registration)) return pass('It may run here.');
    return {
      status: 'unknown',
      found: `The stopped check came with a store and is off until confirmed: ${stoppedCheck}`,
      remedy: `Read the command; if it may run here: sitepair group set ${group.name} --confirm-hooks`,
    };
  },
};

/** The ways of a group that holds still, in the phase that it is in. */
export function waysAhead(group: OpenGroup, context: RunContext): WayAhead[] {
  if (goneAway.includes(standingOf(group).phase)) return [wayBack(group, context, group.replicaSite)];
  const active = otherSite(group.replicaSite);
  return [
    leaving(group, context, 'failover'),
    leaving(group, context, 'planned-failover'),
    wayBack(group, context, active),
  ];
}

function ofOperation(context: RunContext, operation: Operation): RunContext {
  const { group } = context.request;
  return { ...context, request: { operation, group } };
}

function leaving(group: OpenGroup, order: RunContext, way: 'failover' | 'planned-failover'): WayAhead {
  const { siteNames } = group.definition;
  const context = ofOperation(order, way);
  const scope = scopeOf(group, context);
  const stoppedCheck = stoppedCommandAt(group, otherSite(group.replicaSite));
  const asks = stoppedCheck === null ? '' : ', and the stopped check is asked';
  const rules = checkTable[way].filter(
    ({ id }) => id !== 'no-other-run' && (id !== 'production-stopped' || stoppedCheck !== null),
  );
  return {
    way,
    to: group.replicaSite,
    context,
    scope,
    rules,
    others: { 'production-stopped': canBeAsked },
    later: [
      `Whether production at ${siteNames[otherSite(group.replicaSite)]} is stopped is looked at then${asks}, and not now, as it may run.`,
    ],
  };
}

/**
 * The reprotect that comes after a failover, and the failback after that, looked at from before them: `old` is the side
 * that would be written, whose volumes are production's now, or were until the failover.
 */
function wayBack(group: OpenGroup, order: RunContext, old: SiteLetter): WayAhead {
  const { siteNames, pairs } = group.definition;
  const committed = standingOf(group).phase === 'committed';
  const context = ofOperation(order, committed ? 'reprotect' : 'failback');
  const scope: Scope = { operation: context.request.operation, written: old, read: otherSite(old), pairs };
  const notYet: readonly CheckId[] = committed
    ? ['no-other-run']
    : ['no-other-run', 'phase-allows', 'target-not-in-use', 'overwritten-data'];
  const inUse = `Whether ${siteNames[old]} has let go of its volumes is looked at then: production may have them in use now.`;
  const wrote = `How much ${siteNames[old]} wrote after the last cycle is known only then; the reprotect says it, and saves it.`;
  const lastCycle = `Whether production is stopped for the failback is looked at when that begins.`;
  return {
    way: 'way-back',
    to: old,
    context,
    scope,
    rules: checkTable.reprotect.filter(({ id }) => !notYet.includes(id)),
    others: committed ? {} : { 'undo-space': spaceAway },
    later: committed ? [lastCycle] : [inUse, wrote, lastCycle],
  };
}
