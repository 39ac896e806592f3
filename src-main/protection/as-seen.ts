/**
 * Whether a group still stands as it did when somebody looked and confirmed: the same word may mean another thing since
 * (an undo of a failover, then of a reprotect), and the same name another group or other volumes.
 */
import { SitepairError } from '../contract/errors.ts';
import type { ShownPhase } from '../contract/phases.ts';
import type { OperationRequest, Standing } from '../contract/runs.ts';
import { whatItIs } from './states.ts';

/** Cycles come and go between a look and a typed name; what is confirmed stays the same. */
const ofProtected: readonly ShownPhase[] = ['protected', 'syncing', 'interrupted'];

/** Throws `not-allowed` where the group stands otherwise now than it was seen, if it was. */
export function assertAsSeen(
  name: string,
  { operation, seen }: Pick<OperationRequest, 'operation' | 'seen'>,
  now: Standing,
): void {
  if (seen === undefined) return;
  const change = changeSince(name, operation, seen, now);
  if (change === null) return;
  throw new SitepairError({
    code: 'not-allowed',
    message: `${change} Nothing was changed.`,
    where: name,
    remedy: 'Look at the group again; if it is still what you want, begin anew.',
  });
}

/**
 * Whether a resume means another thing now: the open cycle where there is one, and else a run that stopped at a step of
 * the plan, which may be a change of sides.
 */
function meansAnother(operation: OperationRequest['operation'], seen: Standing, now: Standing): boolean {
  const goesOn = operation === 'resume' || operation === 'rollback';
  return goesOn && (seen.phase === 'protected') !== (now.phase === 'protected');
}

function changeSince(
  name: string,
  operation: OperationRequest['operation'],
  seen: Standing,
  now: Standing,
): string | null {
  if (seen.id !== now.id) return `Another group has the name ${name} since this was confirmed.`;
  const alike = seen.phase === now.phase || [seen, now].every(({ phase }) => ofProtected.includes(phase));
  if (!alike || seen.epoch !== now.epoch || meansAnother(operation, seen, now)) {
    const is = now.phase === 'unknown' ? 'has no store that can be used' : whatItIs(now.phase);
    return `The group ${name} has changed since this was confirmed: now it ${is} (epoch ${now.epoch}, then ${seen.epoch}).`;
  }
  if (seen.version === now.version) return null;
  return `The paths or the policy of the group ${name} were changed since this was confirmed.`;
}
