/** How long production wrote what a point has not, in half a sentence. */
import type { SiteLetter } from '../../contract/phases.ts';
import { describeSeconds } from '../../contract/wording.ts';
import type { OpenGroup } from '../group.ts';
import { roleLost } from '../points.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';

/** When production wrote at the other side what a point of `at` has not: until it lost its role, where it has. */
export function writtenUntil(group: OpenGroup, site: SiteLetter, at: string, context: RunContext): string {
  const other = otherSite(site);
  const until = group.state.activeSite === site ? roleLost(group, other)?.at : undefined;
  if (until === undefined) return sinceWhen(at, context);
  const seconds = (Date.parse(until) - Date.parse(at)) / 1000;
  return `at ${group.definition.siteNames[other]} in the ${describeSeconds(seconds)} from ${at} until the failover`;
}

export function sinceWhen(at: string, context: RunContext): string {
  const age = (context.now().getTime() - Date.parse(at)) / 1000;
  return age < 0 ? `since ${at}` : `in the ${describeSeconds(age)} since ${at}`;
}
