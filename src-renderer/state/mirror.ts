/** How a pair's mirror is said: a cycle that goes on is no broken mirror, and what cannot be seen is not claimed. */
import type { GroupView, Pair } from '../../src-main/contract/groups.ts';
import { answers } from './sides.ts';

const levels = { mirrored: 'ok', uninitialized: 'unknown', broken: 'warn' } as const;

export function mirrorOf(group: GroupView, pair: Pair): { level: 'ok' | 'warn' | 'unknown'; words: string } {
  const { mirrorState, relationshipStatus } = pair;
  // Between two points the replica can always be taken back to the one before.
  if (group.phase === 'syncing' && relationshipStatus === 'transferring') {
    return { level: 'unknown', words: 'between two points, transferring' };
  }
  if (mirrorState === 'mirrored' && !(answers(group, 'A') && answers(group, 'B'))) {
    return { level: 'unknown', words: 'mirrored when last seen' };
  }
  return { level: levels[mirrorState], words: `${mirrorState}, ${relationshipStatus}` };
}
