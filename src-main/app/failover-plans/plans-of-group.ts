/** Which groups are in a failover plan, and in which plans a group is, for the runbooks. */
import type { Catalog } from '../../catalog/database.ts';
import { FailoverPlanBook } from '../../catalog/failover-plans.ts';
import type { FailoverPlan } from '../../contract/failover-plans.ts';
import type { NamedPlan } from '../../evidence/runbook.ts';
import { parseFailoverPlan } from './parse.ts';

/** By their names. One that cannot be read is told where it is asked for. */
export function plansOfGroup(catalog: Catalog, group: string): NamedPlan[] {
  return new FailoverPlanBook(catalog).list().flatMap(({ name, text }) => {
    const plan = readable(text);
    return plan?.priorities.some(({ groups }) => groups.includes(group)) ? [{ name, plan }] : [];
  });
}

/** The names of the groups in a plan; none where it cannot be read. */
export function groupsIn(text: string): string[] {
  return readable(text)?.priorities.flatMap(({ groups }) => groups) ?? [];
}

function readable(text: string): FailoverPlan | null {
  try {
    return parseFailoverPlan(text);
  } catch {
    return null;
  }
}
