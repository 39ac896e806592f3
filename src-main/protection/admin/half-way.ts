/**
 * A volume gets no other path while its side is half-way between two states: what is gone on with, or taken back, there
 * would be written to a volume that it was never begun on.
 */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { damageOf } from '../../store/rollback.ts';
import type { GroupDefinition, PairDefinition } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';

function refused(group: OpenGroup, site: SiteLetter, { id, paths }: PairDefinition, why: string): SitepairError {
  const { name, definition, state } = group;
  const givenUp = state.phase === 'failed-over' || state.phase === 'committed';
  const replacing = `; once that failover is committed, a lost volume is replaced with: sitepair reprotect ${name} --replace ${id}=PATH --confirm ${name}`;
  return new SitepairError({
    code: 'not-allowed',
    message: `The path of ${id} at ${definition.siteNames[site]} cannot be changed now: ${why}. No path was changed.`,
    where: paths[site],
    remedy: `Bring the volume back to its old path (a link there is enough), end what is under way, and change the path then; see: sitepair group show ${name}${givenUp ? replacing : ''}`,
  });
}

/** Why no volume of a side may change its path; null where one may that an open cycle was begun on. */
function halfWay(group: OpenGroup, site: SiteLetter): string | null {
  const { moving, promoting } = group.storeOf(site).record;
  const { phase, replicaSite, cancellable } = group.state;
  const promoted = phase === 'failing-over' && replicaSite === site && !cancellable;
  if (moving !== null) return 'its volumes are being brought from one point to another';
  return promoted || promoting?.swap ? 'its volumes are being promoted' : null;
}

/**
 * The numbers of the pairs whose volume an open cycle has overwritten, where the volume at the new path is not the one
 * that it did that to: by the digests in its journals. What is written there later is saved like any other content.
 */
function notTheOnesBegunOn(
  group: OpenGroup,
  site: SiteLetter,
  definition: GroupDefinition,
  platform: VolumePlatform,
): number[] {
  const store = group.storeOf(site);
  const open = store.record.receiving?.pairs ?? [];
  const volumes = new VolumeSet((number) =>
    platform.open(definition.pairs.find((pair) => pair.number === number)?.paths[site] ?? '', 'read'),
  );
  try {
    const { chunks, journals } = damageOf(store, { volumes, checkpoint: () => undefined });
    // No journal proves anything of a target that was made, found blank, or not saved.
    const unproved = open.filter((pair) => pair.save !== 'journal' || pair.created || journals.length > 0);
    return [...chunks.map((chunk) => chunk.pair), ...unproved.map((pair) => pair.number)];
  } finally {
    volumes.close();
  }
}

/**
 * Throws `not-allowed` where a path changes at a side that is half-way, except for the volume itself under another
 * name; `store-unread` where the store that would tell cannot be used.
 */
export function assertPathsMayChange(group: OpenGroup, definition: GroupDefinition, platform: VolumePlatform): void {
  for (const site of sites) {
    const changed = group.definition.pairs.filter(
      (pair) => definition.pairs.find((one) => one.id === pair.id)?.paths[site] !== pair.paths[site],
    );
    const [first] = changed;
    if (first === undefined) continue;
    const why = halfWay(group, site);
    if (why !== null) throw refused(group, site, first, why);
    if (group.storeOf(site).record.receiving === null) continue;
    const others = notTheOnesBegunOn(group, site, definition, platform);
    const other = changed.find((pair) => others.includes(pair.number));
    if (other === undefined) continue;
    throw refused(group, site, other, 'a cycle is open there, and nothing proves that it was begun on that volume');
  }
}
