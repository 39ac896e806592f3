/** What volumes hold at a step of a scenario, told by sha256sum, and sites that are lost and come back. */
import { renameSync } from 'node:fs';
import { expect } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { digestOf } from './fingerprint.ts';
import type { TwoSites } from './two-sites.ts';

export type Site = 'a' | 'b';

/** The digest of each volume at a site, in the order of the pairs. */
export function contents(sites: TwoSites, site: Site): string[] {
  return sites.pairs.map(({ source, target }) => digestOf(site === 'a' ? source : target));
}

/** The site's volumes and its store cannot be reached until it comes back. */
export function lose(sites: TwoSites, site: Site): void {
  renameSync(sites.path(site), sites.path(`${site} is lost`));
}

export function bringBack(sites: TwoSites, site: Site): void {
  renameSync(sites.path(`${site} is lost`), sites.path(site));
}

/** The group, which must be in this phase. */
export async function groupIn(sites: TwoSites, phase: GroupView['phase']): Promise<GroupView> {
  const group = await sites.sitepair.group(sites.name);
  expect(group.phase).toBe(phase);
  return group;
}

/** The id of the only point of a kind. */
export function pointOf(group: GroupView, kind: GroupView['points'][number]['kind']): string {
  const found = group.points.filter((point) => point.kind === kind);
  expect(found, `one point ${kind}`).toHaveLength(1);
  return found[0]?.id ?? '';
}

/** The ids of the points of cycles, oldest first. */
export function cyclesOf(group: GroupView): string[] {
  return group.points.filter((point) => point.kind === 'cycle').map((point) => point.id);
}

/** Carries out operations that the operator confirms with the group's name, one after the other; all must end well. */
export async function confirmed(sites: TwoSites, ...commands: (readonly string[])[]): Promise<void> {
  for (const [command = '', ...options] of commands) {
    await sites.sitepair.must(command, sites.name, ...options, '--confirm', sites.name);
  }
}
