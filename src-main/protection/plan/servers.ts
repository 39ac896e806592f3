/** The commands of a plan that know the servers of a site. */
import type { Plan, Servers } from '../../contract/plan.ts';
import type { SiteLetter, SiteRole } from '../../contract/phases.ts';
import type { OpenGroup } from '../group.ts';
import { mayRun } from '../hooks.ts';
import { planOf } from './plan-book.ts';

export function roleOfSite(group: OpenGroup, site: SiteLetter): SiteRole {
  return site === group.definition.primarySite ? 'primary' : 'recovery';
}

/** The commands for the servers of a site; null where the plan has none. */
export function serversAt(plan: Plan | null, group: OpenGroup, site: SiteLetter): Servers | null {
  return plan?.servers[roleOfSite(group, site)] ?? null;
}

/** The command that tells whether production at a site is stopped: the plan's, else the group's stopped check. */
export function stoppedCommandAt(group: OpenGroup, site: SiteLetter): string | null {
  return serversAt(planOf(group), group, site)?.stopped ?? group.definition.policy.stoppedCheck;
}

/** The command that stops the servers of a site, where it may run here; null where there is none. */
export function stopCommandAt(group: OpenGroup, site: SiteLetter): string | null {
  const stop = serversAt(planOf(group), group, site)?.stop ?? null;
  return stop !== null && mayRun(stop, group.registration) ? stop : null;
}
