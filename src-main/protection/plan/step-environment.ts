/** What a command of a plan is told in its environment; docs/PLANS.md names all of it. */
import type { SiteLetter } from '../../contract/phases.ts';
import { pointId, type PairDefinition } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';
import { environmentOf } from '../hooks.ts';
import type { RunContext } from '../run-context.ts';
import { otherSite } from '../states.ts';
import { roleOfSite } from './servers.ts';
import type { StepAround } from './steps-around.ts';

/** The copies that a test failover made. */
export interface CopyMade {
  pairId: string;
  path: string;
}

/** Where the steps stand. */
export interface Surroundings {
  /** Where the operation leads. */
  to: SiteLetter;
  /** The point that it makes or goes to, where that is known by now. */
  pointId: string | null;
  /** Only of a test failover, after its copies were made. */
  copies: readonly CopyMade[];
}

/** The end of the names of the variables that tell a pair's paths. */
export function variableOf(pairId: string): string {
  return pairId.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

function nameOf(prefix: string, pairId: string): string {
  return `${prefix}_${variableOf(pairId)}`;
}

/** The variables of paths that a command names and that no pair of these has: it is given nothing for them. */
export function pathsWanting(command: string, pairs: readonly Pick<PairDefinition, 'id'>[]): string[] {
  const known = new Set(pairs.map(({ id }) => variableOf(id)));
  const named = command.matchAll(/SITEPAIR_(?:OTHER_)?PATH_([A-Z0-9_]+)/g);
  return [...new Set([...named].flatMap(([name, pair = '']) => (known.has(pair) ? [] : [name])))];
}

export function stepEnvironment(
  group: OpenGroup,
  context: RunContext,
  step: StepAround,
  { to, pointId: point, copies }: Surroundings,
): NodeJS.ProcessEnv {
  const { definition } = group;
  const site = step.kind === 'servers' ? step.site : to;
  const away = otherSite(site);
  const current = group.recordOf(to)?.position ?? null;
  const environment: NodeJS.ProcessEnv = {
    ...environmentOf(definition, context.request.operation),
    SITEPAIR_RUN: context.runId,
    SITEPAIR_STEP: step.id,
    SITEPAIR_SITE: definition.siteNames[site],
    SITEPAIR_SITE_ROLE: roleOfSite(group, site),
    SITEPAIR_OTHER_SITE: definition.siteNames[away],
    SITEPAIR_POINT: point ?? context.request.point ?? (current === null ? '' : pointId(current)),
  };
  for (const pair of definition.pairs) {
    const copy = copies.find(({ pairId }) => pairId === pair.id);
    environment[nameOf('SITEPAIR_PATH', pair.id)] = copies.length === 0 ? pair.paths[site] : (copy?.path ?? '');
    environment[nameOf('SITEPAIR_OTHER_PATH', pair.id)] = pair.paths[away];
  }
  return environment;
}
