/** commit: the operator accepts a failover. Its points end; undo and change-point close. */
import type { OpenGroup } from '../group.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { leftoversWith, removeLeftovers } from './leftovers.ts';
import type { OperationOutcome } from './outcome.ts';
import { allVersionsAt } from './promoted-clones.ts';

export function commit(group: OpenGroup, context: RunContext): OperationOutcome {
  const site = group.state.activeSite ?? group.replicaSite;
  const leftovers = leftoversWith(group.storeOf(site).record, allVersionsAt(group, site));
  const ended = { points: [], promotedClones: false, beforeChange: [], doubtful: false };
  group.apply('commit', site, { ...ended, ...leftovers });
  group.storeOf(site).collectGarbage();
  removeLeftovers(group, context);
  const reprotect = `sitepair reprotect ${group.name} --confirm ${group.name}`;
  const there = group.recordOf(otherSite(site)) !== null;
  const name = group.definition.siteNames[otherSite(site)];
  return {
    next: [
      there ? `${name} answers: give production a replica again: ${reprotect}` : `When ${name} is back: ${reprotect}`,
    ],
  };
}
