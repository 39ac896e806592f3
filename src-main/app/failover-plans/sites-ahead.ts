/** Where a plan would lead its groups, by the names of their sites: all of one plan go to one site. */
import type { PlanOrder, PlanReview } from '../../contract/failover-plans.ts';
import { otherSite } from '../../protection/states.ts';
import type { GroupDefinition } from '../../store/record.ts';
import { roleIn, type Aim } from './next-step.ts';
import { apart, noSuchSite, noSiteChosen } from './refusals.ts';

interface Groups {
  definitions: () => GroupDefinition[];
}

/** The sites with their groups; those that this machine does not know, or that have no such site, are left out. */
export function sitesAhead(turns: readonly { group: string }[], aim: Aim, groups: Groups): PlanReview['leadsTo'] {
  const sites = new Map<string, string[]>();
  for (const definition of named(turns, groups)) {
    const { primary, recovery } = sitesOf(definition);
    const role = roleIn({ primarySite: primary, recoverySite: recovery }, aim);
    if (role === null) continue;
    const { name } = role === 'primary' ? primary : recovery;
    sites.set(name, [...(sites.get(name) ?? []), definition.name]);
  }
  return [...sites].map(([site, led]) => ({ site, groups: led }));
}

/** Throws `invalid-input` where the site that is named cannot be meant. */
export function assertSite(order: PlanOrder, turns: readonly { group: string }[], groups: Groups): void {
  const { operation, to, toSite } = order;
  if (toSite === undefined) return;
  if (to !== undefined || operation === 'commit' || operation === 'reprotect') throw noSiteChosen(order);
  for (const definition of named(turns, groups)) {
    const { A, B } = definition.siteNames;
    if (A !== toSite && B !== toSite) throw noSuchSite(toSite, definition.name, [A, B]);
  }
}

/** Throws `invalid-input` where the groups would be led to different sites. */
export function assertOneWay(order: PlanOrder, leadsTo: PlanReview['leadsTo']): void {
  if (leadsTo.length > 1) throw apart(order, leadsTo);
}

function named(turns: readonly { group: string }[], groups: Groups): GroupDefinition[] {
  const known = groups.definitions();
  return turns.flatMap(({ group }) => known.filter(({ name }) => name === group));
}

export function sitesOf({
  primarySite,
  siteNames,
}: GroupDefinition): Record<'primary' | 'recovery', { letter: 'A' | 'B'; name: string }> {
  const other = otherSite(primarySite);
  return {
    primary: { letter: primarySite, name: siteNames[primarySite] },
    recovery: { letter: other, name: siteNames[other] },
  };
}
