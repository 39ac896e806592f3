/** Whether a group can fail over now, as far as its view tells: what the first page says of all groups. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation, ShownPhase } from '../../src-main/contract/phases.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { answers, replicaLetter } from './sides.ts';

/** In the others sides are changing, or there is no replica of what production holds. */
const withReplica: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];
/** Runs that change sides themselves make way for nothing. */
const changing: readonly Operation[] = ['planned-failover', 'failback', 'failover', 'change-point'];

/** `run`: what goes on in the group; a cycle makes way for a failover. */
export function canFailOver(group: GroupView, run: Run | null): boolean {
  const replica = replicaLetter(group);
  if (!withReplica.includes(group.phase) || !answers(group, replica)) return false;
  if (run !== null && changing.includes(run.operation)) return false;
  // Between two points a pair is never mirrored; at one, it is so where nothing is known against it.
  const doubted = group.phase === 'protected' && group.pairs.some(({ mirrorState }) => mirrorState !== 'mirrored');
  return (
    !doubted &&
    group.actions.some((action) => action.operation === 'failover' && action.allowed) &&
    group.points.some(({ kind, state, site }) => kind === 'cycle' && state === 'usable' && site === replica)
  );
}
