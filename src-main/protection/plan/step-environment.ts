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

/** What a command that knows one site is told of it: the names of both, and where the volumes lie. */
export function siteEnvironment(group: OpenGroup, site: SiteLetter): NodeJS.ProcessEnv {
  const { siteNames, pairs } = group.definition;
  const away = otherSite(site);
  const environment: NodeJS.ProcessEnv = {
    SITEPAIR_SITE: siteNames[site],
    SITEPAIR_SITE_ROLE: roleOfSite(group, site),
    SITEPAIR_OTHER_SITE: siteNames[away],
  };
  for (const { id, paths } of pairs) {
    environment[nameOf('SITEPAIR_PATH', id)] = paths[site];
    environment[nameOf('SITEPAIR_OTHER_PATH', id)] = paths[away];
  }
  return environment;
}

export function stepEnvironment(
  group: OpenGroup,
  context: RunContext,
  step: StepAround,
  { to, pointId: point, copies }: Surroundings,
): NodeJS.ProcessEnv {
  const { definition } = group;
  const current = group.recordOf(to)?.position ?? null;
  const environment: NodeJS.ProcessEnv = {
    ...environmentOf(definition, context.request.operation),
    ...siteEnvironment(group, step.kind === 'servers' ? step.site : to),
    SITEPAIR_RUN: context.runId,
    SITEPAIR_STEP: step.id,
    SITEPAIR_POINT: point ?? context.request.point ?? (current === null ? '' : pointId(current)),
  };
  if (copies.length === 0) return environment;
  for (const { id } of definition.pairs) {
    environment[nameOf('SITEPAIR_PATH', id)] = copies.find(({ pairId }) => pairId === id)?.path ?? '';
  }
  return environment;
}
