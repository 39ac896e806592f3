/** Exit codes, in one place: 0 done, 1 failed, 2 usage, 3 blocked, 4 busy, 5 something to resume. */
import type { CheckResult } from '../../contract/checks.ts';
import { errorCodes, type ErrorClass } from '../../contract/errors.ts';
import { isHeldUp, type JoinedRun, type PlanReview } from '../../contract/failover-plans.ts';
import type { GroupView } from '../../contract/groups.ts';
import { rehearsals, type ShownPhase } from '../../contract/phases.ts';
import type { OperationResult } from '../../contract/runs.ts';

export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  blocked: 3,
  busy: 4,
  resumable: 5,
} as const satisfies Record<ErrorClass | 'done', number>;

/** Phases that an operation passes through: a group found in one has something to resume. */
const unfinished: readonly ShownPhase[] = [
  'seeding',
  'syncing',
  'interrupted',
  'failing-over',
  'undoing',
  'reprotecting',
];

/** A group at rest can be resumed only where a run stopped at a step of its plan. */
function isOpenResume({ operation, allowed }: GroupView['actions'][number]): boolean {
  return operation === 'resume' && allowed;
}

/** The exit code of an operation that ended. */
export function exitCodeOfResult(result: OperationResult): number {
  switch (result.run.outcome) {
    case 'succeeded':
      return result.mismatches !== undefined && result.mismatches.length > 0 ? exitCodes.failed : exitCodes.done;
    case 'blocked':
      // Another process may have taken the group between the checks and the lock.
      return result.run.error?.code === 'busy' ? exitCodes.busy : exitCodeOfBlocked(result.checks);
    case 'cancelled':
    case 'interrupted':
      return exitCodes.resumable;
    case 'failed':
    case null:
      // A test leaves the group alone, however that stands.
      if (rehearsals.includes(result.run.operation)) return exitCodes.failed;
      if (result.run.error?.code === 'step-failed' && result.group?.actions.some(isOpenResume) === true) {
        return exitCodes.resumable;
      }
      return result.group !== null && unfinished.includes(result.group.phase) ? exitCodes.resumable : exitCodes.failed;
  }
}

/**
 * The exit code of a failover plan that ended: 3 or 4 where checks alone held it up, 5 where something is to be resumed
 * beside.
 */
export function exitCodeOfPlan({ outcome, turns }: JoinedRun): number {
  if (outcome === 'succeeded') return exitCodes.done;
  const stopped = turns.filter(({ state }) => state === 'stopped');
  const heldUp = stopped.map(({ outcome: ended, error }): number => {
    if (ended !== null && ended !== 'blocked') return exitCodes.resumable;
    const code = error === undefined ? exitCodes.blocked : exitCodes[errorCodes[error.code]];
    return code === exitCodes.busy || code === exitCodes.blocked ? code : exitCodes.resumable;
  });
  if (outcome !== 'stopped' || heldUp.length === 0 || heldUp.includes(exitCodes.resumable)) return exitCodes.resumable;
  return heldUp.includes(exitCodes.busy) ? exitCodes.busy : exitCodes.blocked;
}

/** The exit code of a review: 3 where a group could not begin now. */
export function exitCodeOfReview({ verdict, groups }: PlanReview): number {
  if (verdict !== 'blocked') return exitCodes.done;
  const codes = groups.filter(isHeldUp).map(({ report }) => exitCodeOfBlocked(report?.checks ?? []));
  return codes.includes(exitCodes.busy) ? exitCodes.busy : exitCodes.blocked;
}

/** The exit code of a blocked operation: 4 where another process holds the group, whatever else blocks; else 3. */
export function exitCodeOfBlocked(checks: readonly CheckResult[]): number {
  const busy = checks.some((check) => check.id === 'no-other-run' && check.blocks && !check.accepted);
  return busy ? exitCodes.busy : exitCodes.blocked;
}
