/** A policy with some of its fields changed; what is left out stays. */
import { policySchema, type Policy } from '../../contract/groups.ts';

export function changedPolicy(base: Policy, change: Partial<Record<keyof Policy, unknown>>): Policy {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return policySchema.parse({ ...base, ...Object.fromEntries(given) });
}
