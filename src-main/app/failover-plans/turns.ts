/** Which groups of a failover plan begin now: those of the first priority that is not through, side by side. */
import type { JoinedRun, PlanTurn } from '../../contract/failover-plans.ts';

/** `disks`: names of the disks that a group's run writes to; empty where they are not known. */
export function turnsNow(run: JoinedRun, disks: (group: string) => readonly string[]): PlanTurn[] {
  if (run.cancelling) return [];
  const at = currentPriority(run);
  if (at === null) return [];
  const held = run.turns.filter(({ state }) => state === 'running');
  const begins: PlanTurn[] = [];
  for (const turn of run.turns) {
    if (turn.priority !== at || turn.state !== 'waiting' || held.length >= run.atOnce) continue;
    const own = disks(turn.group);
    // Two that write to one disk only slow each other down.
    if (held.some(({ group }) => disks(group).some((disk) => own.includes(disk)))) continue;
    held.push(turn);
    begins.push(turn);
  }
  return begins;
}

/** The priority whose groups are at work or are next; null where none is left, or the rest is held back. */
export function currentPriority({ turns, onFailure }: JoinedRun): number | null {
  const open = turns.filter(({ state }) => state === 'waiting' || state === 'running');
  const [first] = open.map(({ priority }) => priority).toSorted((a, b) => a - b);
  if (first === undefined) return null;
  const failed = turns.some(({ state, priority }) => state === 'stopped' && priority < first);
  return failed && onFailure === 'stop' ? null : first;
}
