/** A reason where the policy of a group wants one: for who reads the report and the audit log later. */
import { SitepairError } from '../contract/errors.ts';
import type { Policy } from '../contract/groups.ts';
import { wantsReason, type Operation } from '../contract/phases.ts';

interface Wanting {
  name: string;
  policy: Pick<Policy, 'reasonRequired'>;
}

/** Throws `invalid-input`; of several groups it names the first that wants one. */
export function assertReason(operation: Operation, reason: string | undefined, groups: readonly Wanting[]): void {
  const wanting = groups.find(({ policy }) => policy.reasonRequired);
  if (wanting === undefined || !wantsReason(operation) || (reason ?? '').trim() !== '') return;
  throw new SitepairError({
    code: 'invalid-input',
    message: `The policy of ${wanting.name} wants a reason for ${operation}; nothing was changed.`,
    where: '--reason',
    remedy: 'Say in a few words why it is done: --reason "why"',
  });
}
