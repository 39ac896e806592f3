/** Whether production can be reached from here, as a group's view says it; nothing of a volume's content is read. */
import type { Operation, SiteLetter } from '../contract/phases.ts';
import { counted } from '../contract/wording.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import { reasonAgainst } from './allowed.ts';
import type { OpenGroup } from './group.ts';
import { describeIfItAnswers } from './operations/targets.ts';
import { sites } from './registration.ts';
import { otherSite } from './states.ts';

export interface ProductionReach {
  /** The site where production is; null where it is nowhere, or on its way. */
  site: SiteLetter | null;
  /** Its store. */
  store: boolean;
  /** Paths of its volumes that do not answer, or are not there. */
  missing: string[];
}

export function productionReach(group: OpenGroup, platform: VolumePlatform): ProductionReach {
  const { activeSite: site, phase } = group.state;
  const settled = phase !== 'failing-over' && phase !== 'undoing' && group.ownership.governing !== null;
  if (site === null || !settled) return { site: null, store: true, missing: [] };
  const paths = group.definition.pairs.map((pair) => pair.paths[site]);
  return {
    site,
    store: group.sides[site].state === 'read',
    missing: paths.filter((path) => describeIfItAnswers(platform, path) === null),
  };
}

/** Paths of the volumes of both sites that do not answer, or are not there; a replica is there from its seed on. */
export function missingVolumes(group: OpenGroup, platform: VolumePlatform, reach: ProductionReach): string[] {
  const { phase } = group.state;
  if (phase === 'unprotected' || phase === 'seeding') return reach.missing;
  const others = reach.site === null ? sites : [otherSite(reach.site)];
  const paths = others.flatMap((site) => group.definition.pairs.map((pair) => pair.paths[site]));
  return [...reach.missing, ...paths.filter((path) => describeIfItAnswers(platform, path) === null)];
}

/** What health says of production that is out of reach; null where it answers. */
export function healthOfReach(group: OpenGroup, { site, store, missing }: ProductionReach): string | null {
  if (site === null || missing.length === 0) return null;
  const name = group.definition.siteNames[site];
  const all = missing.length === group.definition.pairs.length;
  if (all && !store) return `${name}, where production is, cannot be reached: its store and volumes do not answer.`;
  const some = all ? 'Its volumes do' : `${counted(missing.length, 'volume')} do${missing.length === 1 ? 'es' : ''}`;
  return `Production at ${name} cannot be reached as a whole: ${some} not answer (${missing.join(', ')}). See first whether what holds ${missing.length === 1 ? 'it' : 'them'} is attached and mounted.`;
}

/** Operations that read production, and want both stores. */
const fromProduction: readonly Operation[] = ['sync', 'planned-failover', 'failback'];

/** Why an operation that its phase allows cannot be begun now, as half a sentence; null where nothing is against it. */
export function reasonOfReach(
  group: OpenGroup,
  operation: Operation,
  { site, missing }: ProductionReach,
): string | null {
  if (!fromProduction.includes(operation)) return null;
  const unread = (['A', 'B'] as const).find((one) => group.sides[one].state !== 'read');
  const wayOut = operation === 'sync' ? '' : '; where a site is lost, the way out is an unplanned failover';
  if (unread !== undefined) return `the store of ${group.definition.siteNames[unread]} cannot be used${wayOut}`;
  if (site === null || missing.length === 0) return null;
  return `volumes at ${group.definition.siteNames[site]} cannot be reached${wayOut}`;
}

/** The step to take where production is lost. */
export function hintsOfReach(group: OpenGroup, { site, store, missing }: ProductionReach): string[] {
  if (site === null || (store && missing.length === 0) || reasonAgainst(group, 'failover') !== null) return [];
  const { siteNames } = group.definition;
  const other = siteNames[otherSite(site)];
  return [
    `If ${siteNames[site]} is lost, production goes on at ${other} with: sitepair failover ${group.name} --confirm ${group.name}`,
  ];
}
