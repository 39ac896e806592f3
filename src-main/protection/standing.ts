/** How a group stands, in few words, and whether a run holds it. */
import type { ShownPhase } from '../contract/phases.ts';
import type { Standing } from '../contract/runs.ts';
import type { OpenGroup } from './group.ts';

/**
 * Whether a run holds the group. `ended`: the run of this process is over but for what it says of the group, so what it
 * locked counts no more; a rehearsal locks nothing, and another run may go on beside it.
 */
export function isHeld(group: OpenGroup, ended = false): boolean {
  if (group.locked) return !ended || group.locksKept;
  return group.holder() !== null;
}

/** A cycle that nobody holds is interrupted, whatever the record of a killed process says. */
export function shownPhase(group: OpenGroup, held: boolean): ShownPhase {
  if (group.ownership.governing === null) return 'unknown';
  return group.state.phase === 'syncing' && !held ? 'interrupted' : group.state.phase;
}

/** What a view of the group says of how it stands. */
export function standingOf(group: OpenGroup): Standing {
  const { id, version } = group.definition;
  return { id, version, phase: shownPhase(group, isHeld(group)), epoch: group.ownership.governing?.epoch ?? 0 };
}
