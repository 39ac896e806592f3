/** What lies unprotected beside the volumes of several groups, each volume once. */
import type { UnprotectedList, UnprotectedVolume } from '../contract/unprotected.ts';
import type { GroupDefinition, Machine } from '../store/record.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import { answeringPlatform } from './answering.ts';
import { asReport } from './errors.ts';
import { OpenGroup } from './group.ts';
import type { Registration } from './registration.ts';
import { otherSite } from './states.ts';
import { unprotectedBeside, type Unprotected } from './unprotected.ts';

export interface AllUnprotected extends Pick<UnprotectedList, 'unseen'> {
  volumes: (Unprotected & Pick<UnprotectedVolume, 'beside'>)[];
}

/** What cannot be looked at is told, and keeps nothing else back. */
export function allUnprotected(
  groups: readonly { registration: Registration; others: readonly GroupDefinition[] }[],
  { platform, machine, now }: { platform: VolumePlatform; machine: Machine; now: () => Date },
): AllUnprotected {
  const found = new Map<string, AllUnprotected['volumes'][number]>();
  const unseen: string[] = [];
  for (const { registration, others } of groups) {
    const { name, siteNames } = registration.definition;
    try {
      const group = OpenGroup.open(registration, machine, now);
      try {
        const site = siteNames[group.state.activeSite ?? otherSite(group.replicaSite)];
        for (const one of unprotectedBeside(group, answeringPlatform(group, platform), others)) {
          const { beside } = found.get(one.path) ?? { beside: [] };
          found.set(one.path, { ...one, beside: [...beside, { group: name, site }] });
        }
      } finally {
        group.close();
      }
    } catch (error) {
      unseen.push(`What lies beside the volumes of ${name} could not be looked at: ${asReport(error).message}`);
    }
  }
  const volumes = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { volumes, unseen };
}
