/**
 * Which devices the volumes of a group are, whatever their names are today: kept in each site's record when an
 * operation on them has ended well, and when a pair is added, and held against what lies at their paths before the
 * next. Files have none.
 */
import type { SiteLetter } from '../contract/phases.ts';
import { allPairs } from '../store/pairs.ts';
import type { PairDefinition, SiteRecord } from '../store/record.ts';
import type { VolumePlatform } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';
import { describeIfItAnswers, describeIfThere } from './operations/targets.ts';
import { sites } from './registration.ts';

function identitiesAt(group: OpenGroup, platform: VolumePlatform, site: SiteLetter): SiteRecord['identities'] {
  const known = group.recordOf(site)?.identities ?? [];
  return allPairs(group.definition).flatMap(({ number, paths }) => {
    const path = paths[site];
    const volume = describeIfItAnswers(platform, path);
    // What does not answer now is what it was.
    if (volume === null) return known.filter((one) => one.number === number && one.path === path);
    return volume.identity === null ? [] : [{ number, path, identity: volume.identity }];
  });
}

/** Keeps them where they are new. They are a hint: a store that does not take them goes on without. */
export function rememberIdentities(group: OpenGroup, platform: VolumePlatform): void {
  for (const site of sites) {
    const record = group.recordOf(site);
    if (record === null) continue;
    const identities = identitiesAt(group, platform, site);
    if (JSON.stringify(identities) !== JSON.stringify(record.identities)) group.note(site, { identities });
  }
}

/** A volume at whose path there is another device than the one that was protected, or none. */
export interface Renamed {
  /** Whether another device lies there. */
  another: boolean;
  /** Where the one that was protected is now: several where it is reached over several ways, none where it is away. */
  at: string[];
}

/** Null where the device at the path is the one that it was, and where nothing tells. Throws as `describe` does. */
export function renamed(
  group: OpenGroup,
  platform: VolumePlatform,
  site: SiteLetter,
  { number, paths }: PairDefinition,
): Renamed | null {
  const path = paths[site];
  const known = group.recordOf(site)?.identities.find((one) => one.number === number && one.path === path);
  if (known === undefined) return null;
  const volume = describeIfThere(platform, path);
  if (volume?.identity === known.identity) return null;
  const at = platform.devicesWith(known.identity);
  return volume === null && at.length === 0 ? null : { another: volume !== null, at };
}

/**
 * Notes the new paths of volumes that are the same devices there, before the group's definition names them: then what
 * is known of them holds on (see `withDefinition`).
 */
export function followIdentities(group: OpenGroup, platform: VolumePlatform, pairs: readonly PairDefinition[]): void {
  for (const site of sites) {
    const known = group.recordOf(site)?.identities ?? [];
    const followed = known.map((one) => {
      const path = pairs.find(({ number }) => number === one.number)?.paths[site];
      if (path === undefined || path === one.path) return one;
      return describeIfItAnswers(platform, path)?.identity === one.identity ? { ...one, path } : one;
    });
    if (followed.some((one, n) => one !== known[n])) group.note(site, { identities: followed });
  }
}
