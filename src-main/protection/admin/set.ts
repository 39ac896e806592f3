/** group set: policy, hooks, paths and stores, changed in place. */
import { SitepairError } from '../../contract/errors.ts';
import type { GroupSet } from '../../contract/groups.ts';
import type { SiteLetter, SiteRole } from '../../contract/phases.ts';
import type { GroupDefinition, Machine } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { OpenGroup } from '../group.ts';
import { commandsOf } from '../hooks.ts';
import { sites, type Registration } from '../registration.ts';
import { otherSite } from '../states.ts';
import { assertOutsideGroups } from '../store-place.ts';
import { describeGiven } from './given-volume.ts';
import { assertPathsMayChange } from './half-way.ts';
import { changedPolicy } from './policy.ts';
import { replaceStore } from './replace-store.ts';
import { assertApart } from './volumes-apart.ts';

export function siteOfRole(definition: GroupDefinition, role: SiteRole): SiteLetter {
  return role === 'primary' ? definition.primarySite : otherSite(definition.primarySite);
}

/**
 * The definition with paths changed. `others` are the other groups that are known here. Throws `pair-unknown`,
 * `volume-overlap`, and what the platform throws for a path that is no volume.
 */
export function withPaths(
  definition: GroupDefinition,
  paths: GroupSet['paths'],
  platform: VolumePlatform,
  others: readonly GroupDefinition[],
): GroupDefinition {
  let { pairs } = definition;
  for (const change of paths) {
    if (!pairs.some((pair) => pair.id === change.pairId)) {
      throw new SitepairError({
        code: 'pair-unknown',
        message: `The group ${definition.name} has no pair ${change.pairId}.`,
        where: change.pairId,
        remedy: `Its pairs are: ${pairs.map((pair) => pair.id).join(', ')}.`,
      });
    }
    describeGiven(platform, change.path);
    const site = siteOfRole(definition, change.site);
    pairs = pairs.map((pair) =>
      pair.id === change.pairId ? { ...pair, paths: { ...pair.paths, [site]: change.path } } : pair,
    );
  }
  if (paths.length > 0) assertApart(pairs, others, platform);
  return { ...definition, pairs };
}

/**
 * Writes a changed definition to every store that can be read. Digest maps speak of the volume that lay at the old
 * path: until it is verified that the one at the new path is the same, the replica is in doubt. What production left at
 * a side is at the path that it had then: each side's record says where that was.
 */
export function writeDefinition(group: OpenGroup, definition: GroupDefinition, now: Date): void {
  const before = group.definition;
  for (const site of sites) {
    const { store, state } = group.sides[site];
    if (store === null || state !== 'read') continue;
    const { position, movedPairs } = store.record;
    const moved = before.pairs.filter(
      (pair) => definition.pairs.find((one) => one.id === pair.id)?.paths[site] !== pair.paths[site],
    );
    const doubt = moved.length > 0 && position !== null;
    const away = [
      ...movedPairs,
      ...moved
        .filter((pair) => !movedPairs.some((one) => one.number === pair.number))
        .map((pair) => ({ number: pair.number, from: pair.paths[site] })),
    ].filter(({ number, from }) => definition.pairs.find((pair) => pair.number === number)?.paths[site] !== from);
    const change = site === group.state.activeSite ? {} : { movedPairs: away };
    store.update({ definition, ...change, ...(doubt ? { doubtful: true, marks: null } : {}) }, now);
  }
}

/** Changes a group and gives its new registration. The group must not be held by a run. */
export function setGroup(
  input: GroupSet,
  registration: Registration,
  places: { platform: VolumePlatform; machine: Machine; now: () => Date; others: readonly GroupDefinition[] },
): Registration {
  const { name } = registration.definition;
  if (!isConfirmed(name, input.confirm, false)) throw unconfirmed(name, input.confirm, '');
  // A wrong path is told before a store is replaced.
  withPaths(registration.definition, input.paths, places.platform, places.others);
  let present = registration;
  const stores = [
    [input.primaryStore, 'primary'],
    [input.recoveryStore, 'recovery'],
  ] as const;
  for (const [storePath, role] of stores) {
    if (storePath === undefined) continue;
    assertOutsideGroups(storePath);
    const site = siteOfRole(present.definition, role);
    present = replaceStore(present, site, storePath, input.confirm, places.machine, places.now);
  }
  const group = OpenGroup.open(present, places.machine, places.now);
  try {
    group.lock('group set');
    const { policy, paths } = input;
    const changed = withPaths(group.definition, paths, places.platform, places.others);
    assertPathsMayChange(group, changed, places.platform);
    const definition = {
      ...changed,
      policy: changedPolicy(changed.policy, policy),
      version: group.definition.version + 1,
    };
    writeDefinition(group, definition, places.now());
    const { stoppedCheck, beforeCycle, afterCycle } = policy;
    const given = [stoppedCheck, beforeCycle, afterCycle].filter((command) => typeof command === 'string');
    const allowed = new Set([...present.confirmedCommands, ...given]);
    const commands = commandsOf(definition.policy);
    const confirmedCommands = commands.filter((command) => input.confirmHooks === true || allowed.has(command));
    return { ...present, definition, confirmedCommands };
  } finally {
    group.unlock();
    group.close();
  }
}
