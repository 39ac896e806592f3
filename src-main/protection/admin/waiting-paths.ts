/**
 * Paths of pairs that were added and wait for their first cycle. Nothing rests on their volumes yet, so they may get
 * others; but what the operator said may become of a target was said of that volume, and of no other.
 */
import type { GroupDefinition, JoiningPair } from '../../store/record.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import { describeIfItAnswers } from '../operations/targets.ts';
import { otherSite } from '../states.ts';
import { refusedChange } from './path-change.ts';

/** Whether a device at the new path of a pair's target is the one that was given when the pair was added. */
function isSameTarget(group: OpenGroup, before: JoiningPair, path: string, platform: VolumePlatform): boolean {
  const site = otherSite(before.source);
  const known = group.recordOf(site)?.identities ?? [];
  const identity = describeIfItAnswers(platform, path)?.identity ?? null;
  return known.some(
    (one) => one.number === before.number && one.path === before.paths[site] && one.identity === identity,
  );
}

/**
 * A definition with other paths, as it may be written: a target that is another volume has to be blank, whatever was
 * said of the one before. Throws `not-allowed` for a pair that an open cycle copies.
 */
export function asSaidOfTargets(group: OpenGroup, changed: GroupDefinition, platform: VolumePlatform): GroupDefinition {
  const joining = changed.joining.map((pair): JoiningPair => {
    const before = group.definition.joining.find(({ number }) => number === pair.number);
    if (before === undefined) return pair;
    const site = (['A', 'B'] as const).find((one) => before.paths[one] !== pair.paths[one]);
    if (site === undefined) return pair;
    const target = otherSite(pair.source);
    const { receiving = null } = group.recordOf(target) ?? {};
    if (receiving?.pairs.some(({ number }) => number === pair.number) === true) {
      const change = { site, pair: before, to: pair.paths[site] };
      const remedy = `Take the cycle back first: sitepair rollback ${group.name}`;
      throw refusedChange(group, change, 'an open cycle copies it', remedy);
    }
    const stays = before.paths[target] === pair.paths[target];
    return stays || isSameTarget(group, before, pair.paths[target], platform) ? pair : { ...pair, held: 'refuse' };
  });
  return { ...changed, joining };
}
