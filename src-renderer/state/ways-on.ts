/** What is offered for something that was cut off, while nobody works on it. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Run } from '../../src-main/contract/runs.ts';

export type WayOn = 'resume' | 'rollback';

/** `run`: what goes on in the group. One of the other installation is not known here, but holds the group too. */
export function waysOn(group: GroupView, run: Run | null): WayOn[] {
  if (run !== null || group.pairs.some((pair) => pair.relationshipStatus === 'transferring')) return [];
  return (['resume', 'rollback'] as const).filter((operation) =>
    group.actions.some((action) => action.operation === operation && action.allowed),
  );
}

/** `reasons` without what the offer to go on says already, where there is one. */
export function besideOffer(reasons: readonly string[], group: GroupView, run: Run | null): string[] {
  const was = waysOn(group, run).length > 0 ? group.cutOff?.was : undefined;
  return reasons.filter((one) => was === undefined || !one.startsWith(was));
}
