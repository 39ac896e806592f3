/** A policy with some of its fields changed. */
import { SitepairError } from '../../contract/errors.ts';
import { policySchema, type Policy } from '../../contract/groups.ts';
import { describeBytes } from '../../contract/wording.ts';

/** No limit has to be lower than this, and with a lower one a group with large chunks would stand still. */
const leastBytesPerSecond = 1 << 20;

/**
 * Throws `invalid-input` for a limit (bytes a second, or null for none) under which less than a chunk would pass.
 * `where`: the option that gave it.
 */
export function assertLimit(limit: number | null, chunkSizeBytes: number, where = '--limit'): void {
  const least = Math.min(leastBytesPerSecond, chunkSizeBytes);
  if (limit === null || limit >= least) return;
  throw new SitepairError({
    code: 'invalid-input',
    message: `A limit of ${describeBytes(limit)} a second is too low for chunks of ${describeBytes(chunkSizeBytes)}.`,
    where,
    remedy: `Give at least ${describeBytes(least)} a second, with its unit, as in 10M/s; or none.`,
  });
}

/** What is left out stays. Throws `invalid-input`. */
export function changedPolicy(base: Policy, change: Partial<Record<keyof Policy, unknown>>): Policy {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const policy = policySchema.parse({ ...base, ...Object.fromEntries(given) });
  if (change.limitBytesPerSecond !== undefined) assertLimit(policy.limitBytesPerSecond, policy.chunkSizeBytes);
  if (change.quietHours !== undefined) {
    for (const one of policy.quietHours) assertLimit(one.limitBytesPerSecond, policy.chunkSizeBytes, '--quiet-hours');
  }
  return policy;
}
