/** How a pair's mirror is said: a cycle that goes on is no broken mirror, and what cannot be seen is not claimed. */
import type { GroupView, Pair } from '../../src-main/contract/groups.ts';
import type { Progress } from '../../src-main/contract/runs.ts';
import { answers } from '../../src-main/contract/group-sides.ts';

const levels = { mirrored: 'ok', uninitialized: 'unknown', broken: 'warn' } as const;

export function mirrorOf(
  group: GroupView,
  pair: Pair,
  progress: Progress | null,
): { level: 'ok' | 'warn' | 'unknown'; words: string } {
  const { mirrorState, relationshipStatus } = pair;
  const transferring = relationshipStatus === 'transferring';
  const status = transferring && progress?.state === 'paused' ? 'paused' : relationshipStatus;
  // Between two points the replica can always be taken back to the one before.
  if (group.phase === 'syncing' && transferring) {
    return { level: 'unknown', words: `between two points, ${status}` };
  }
  // The store does not know which of the pairs it is.
  if (mirrorState === 'broken' && group.doubtful !== undefined && status === 'idle') {
    return { level: 'warn', words: 'may differ from its point' };
  }
  const lacks = group.points.some(
    ({ current, unread }) => current && unread?.first.some((one) => one.pairId === pair.id),
  );
  if (mirrorState === 'broken' && lacks && status === 'idle') {
    return { level: 'warn', words: 'incomplete: a part of its source could not be read' };
  }
  if (mirrorState === 'mirrored' && !(answers(group, 'A') && answers(group, 'B'))) {
    return { level: 'unknown', words: 'mirrored when last seen' };
  }
  return { level: levels[mirrorState], words: status === 'idle' ? mirrorState : `${mirrorState}, ${status}` };
}
