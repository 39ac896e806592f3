/** The failover plans that a group is in, for its runbook. */
import type { Catalog } from '../../catalog/database.ts';
import { FailoverPlanBook } from '../../catalog/failover-plans.ts';
import type { NamedPlan } from '../../evidence/runbook.ts';
import { parseFailoverPlan } from './parse.ts';

/** By their names. One that cannot be read is told where it is asked for. */
export function plansOfGroup(catalog: Catalog, group: string): NamedPlan[] {
  return new FailoverPlanBook(catalog).list().flatMap(({ name, text }) => {
    try {
      const plan = parseFailoverPlan(text);
      return plan.priorities.some(({ groups }) => groups.includes(group)) ? [{ name, plan }] : [];
    } catch {
      return [];
    }
  });
}
