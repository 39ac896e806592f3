/** Whether a group can fail over now, as far as its view tells: what the first page says of all groups. */
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation, ShownPhase } from '../../src-main/contract/phases.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { answers, replicaLetter } from './sides.ts';
import { begun, deed } from './wording.ts';

/** In the others sides are changing, or there is no replica of what production holds. */
const withReplica: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];
/** Runs that change sides themselves make way for nothing. */
const changing: readonly Operation[] = ['planned-failover', 'failback', 'failover', 'change-point'];

/** Why it cannot, as a sentence; null where it can. `run`: what goes on in the group; a cycle makes way. */
export function obstacleTo(group: GroupView, run: Run | null): string | null {
  const replica = replicaLetter(group);
  const failover = group.actions.find(({ operation }) => operation === 'failover');
  if (failover?.allowed !== true) return `${begun(failover?.reason ?? 'it is not allowed now')}.`;
  if (run !== null && changing.includes(run.operation)) return `${deed(run.operation)} is under way.`;
  if (!withReplica.includes(group.phase)) return 'There is no replica of what production holds.';
  if (!answers(group, replica)) return 'The store of the replica cannot be used.';
  const points = group.points.filter(
    ({ kind, state, site }) => kind === 'cycle' && state === 'usable' && site === replica,
  );
  if (points.length === 0) return 'The replica has no usable point.';
  // Between two points a pair is never mirrored; at one, it is so where nothing is known against it.
  const doubted = group.phase === 'protected' && group.pairs.some(({ mirrorState }) => mirrorState !== 'mirrored');
  return doubted ? 'The replica is known to differ from its point, or may.' : null;
}

export function canFailOver(group: GroupView, run: Run | null): boolean {
  return obstacleTo(group, run) === null;
}
