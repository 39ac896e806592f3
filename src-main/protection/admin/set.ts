/** group set: policy, hooks, paths and stores, changed in place. */
import { SitepairError } from '../../contract/errors.ts';
import type { GroupSet } from '../../contract/groups.ts';
import type { SiteLetter, SiteRole } from '../../contract/phases.ts';
import { allPairs } from '../../store/pairs.ts';
import type { GroupDefinition, Machine, PairDefinition } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import { isConfirmed, unconfirmed } from '../confirmation.ts';
import { OpenGroup } from '../group.ts';
import { commandsOf } from '../hooks.ts';
import { followIdentities } from '../identities.ts';
import { carryPlan, planOf } from '../plan/plan-book.ts';
import { commandsOfPlan } from '../plan/plan-commands.ts';
import { sites, type Registration } from '../registration.ts';
import { otherSite } from '../states.ts';
import { assertOutsideGroups } from '../store-place.ts';
import { describeGiven } from './given-volume.ts';
import { withDefinition } from '../definition.ts';
import { assertPathsMayChange } from './half-way.ts';
import { changedPolicy } from './policy.ts';
import { replaceStore } from './replace-store.ts';
import { assertApart } from './volumes-apart.ts';
import { asSaidOfTargets } from './waiting-paths.ts';

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
  let changed = definition;
  for (const change of paths) {
    const known = allPairs(changed);
    if (!known.some((pair) => pair.id === change.pairId)) {
      throw new SitepairError({
        code: 'pair-unknown',
        message: `The group ${definition.name} has no pair ${change.pairId}.`,
        where: change.pairId,
        remedy: `Its pairs are: ${known.map((pair) => pair.id).join(', ')}.`,
      });
    }
    describeGiven(platform, change.path);
    const site = siteOfRole(definition, change.site);
    const moved = <P extends PairDefinition>(pair: P): P =>
      pair.id === change.pairId ? { ...pair, paths: { ...pair.paths, [site]: change.path } } : pair;
    changed = { ...changed, pairs: changed.pairs.map(moved), joining: changed.joining.map(moved) };
  }
  if (paths.length > 0) assertApart(allPairs(changed), others, platform);
  return changed;
}

/** The definition with the paths of a site that another one has. */
function withPathsOf(definition: GroupDefinition, from: GroupDefinition, site: SiteLetter): GroupDefinition {
  const pairs = definition.pairs.map((pair) => {
    const path = from.pairs.find((one) => one.number === pair.number)?.paths[site] ?? pair.paths[site];
    return { ...pair, paths: { ...pair.paths, [site]: path } };
  });
  return { ...definition, pairs };
}

/**
 * Writes a changed definition to every store that can be read. What a changed path means for a side (see
 * `withDefinition`) must be durable there before anything goes by that path: so the paths of one site are changed after
 * those of the other, each first in the store beside the volumes. Cut off in between, the record that knows the newest
 * paths also knows what they mean for its side; where none changes the replica's side is told first. Gives the
 * definition as it was written last.
 */
export function writeDefinition(group: OpenGroup, definition: GroupDefinition, now: Date): GroupDefinition {
  const before = group.definition;
  const changed = sites.filter((site) =>
    before.pairs.some((pair) => definition.pairs.find((one) => one.id === pair.id)?.paths[site] !== pair.paths[site]),
  );
  const write = (site: SiteLetter, step: GroupDefinition): GroupDefinition => {
    for (const one of [site, otherSite(site)]) {
      const { store, state } = group.sides[one];
      if (store === null || state !== 'read') continue;
      store.update(withDefinition(store.record, step, group.state.activeSite), now);
    }
    return step;
  };
  if (changed.length < 2) return write(changed[0] ?? group.replicaSite, definition);
  write('A', withPathsOf(definition, before, 'B'));
  return write('B', { ...definition, version: definition.version + 1 });
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
    const given = withPaths(group.definition, paths, places.platform, places.others);
    const changed = asSaidOfTargets(group, given, places.platform);
    assertPathsMayChange(group, changed, places.platform);
    followIdentities(group, places.platform, allPairs(changed));
    const definition = {
      ...changed,
      policy: changedPolicy(changed.policy, policy),
      version: group.definition.version + 1,
    };
    const written = writeDefinition(group, definition, places.now());
    const { stoppedCheck, beforeCycle, afterCycle } = policy;
    const commandsGiven = [stoppedCheck, beforeCycle, afterCycle].filter((command) => typeof command === 'string');
    const allowed = new Set([...present.confirmedCommands, ...commandsGiven]);
    try {
      carryPlan(group);
    } catch {
      // What was set is in the stores. The plan is carried again, and told where it cannot be, by the next operation.
    }
    const commands = [...commandsOf(definition.policy), ...commandsOfPlan(planOf(group))];
    const confirmedCommands = commands.filter((command) => input.confirmHooks === true || allowed.has(command));
    return { ...present, definition: written, confirmedCommands };
  } finally {
    group.unlock();
    group.close();
  }
}
