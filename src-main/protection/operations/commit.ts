/** commit: the operator accepts a failover. Its points end; undo and change-point close. */
import type { OpenGroup } from '../group.ts';
import type { OperationOutcome } from './outcome.ts';
import { removeAllVersions } from './promoted-clones.ts';

export function commit(group: OpenGroup): OperationOutcome {
  const site = group.state.activeSite ?? group.replicaSite;
  group.apply('commit', site, { points: [], promotedClones: false, beforeChange: [], doubtful: false });
  group.storeOf(site).collectGarbage();
  removeAllVersions(group, site);
  return { next: [`When the other site is back: sitepair reprotect ${group.name} --confirm ${group.name}`] };
}
