/**
 * A volume gets no other path while its side is half-way between two states, unless it is the volume itself under
 * another name: what is gone on with, or taken back, there would be written to one that it was never begun on.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { evidenceOf } from '../../store/begun-on.ts';
import type { Evidence } from '../../store/evidence.ts';
import { damageOf } from '../../store/damage.ts';
import type { GroupDefinition } from '../../store/record.ts';
import { VolumeSet } from '../../store/volume-set.ts';
import { testimony } from '../../store/witnesses.ts';
import type { VolumePlatform } from '../../volumes/volume.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import { assertFilesCome } from './files-beside.ts';
import { refusedChange, replacing, type PathChange } from './path-change.ts';

function remedyOf(group: OpenGroup, change: PathChange): string {
  const { name, state } = group;
  const givenUp = state.phase === 'failed-over' || state.phase === 'committed';
  return `Bring the volume back to its old path (a link there is enough), end what is under way, and change the path then; see: sitepair group show ${name}${givenUp ? `; ${replacing(group, change)}` : ''}`;
}

/** The volumes of a side where a changed definition has them, open to be read. */
function volumesOf(platform: VolumePlatform, { pairs }: GroupDefinition, site: SiteLetter): VolumeSet {
  return new VolumeSet((number) =>
    platform.open(pairs.find((pair) => pair.number === number)?.paths[site] ?? '', 'read'),
  );
}

/**
 * Whether the journals show that a volume is the one. Of a move that was begun, a pair of which they name nothing is
 * not written on the way; and what is blank where it should be cannot be told from another blank volume.
 */
function isShown(evidence: Evidence | undefined, begun: boolean): boolean {
  if (evidence === undefined) return begun;
  return evidence.other === null && (evidence.fits || (begun && !evidence.uncertain));
}

/** Throws where volumes are being promoted, or brought to another point, and one at a new path may be another. */
function assertMoveGoesOn(
  group: OpenGroup,
  changes: readonly PathChange[],
  site: SiteLetter,
  volumes: VolumeSet,
): void {
  const store = group.storeOf(site);
  const { moving, promoting } = store.record;
  const { phase, replicaSite, cancellable } = group.state;
  const promoted = phase === 'failing-over' && replicaSite === site && !cancellable;
  const exchanged = (promoting?.swap ?? null) !== null;
  if (moving === null && !promoted && !exchanged) return;
  const pairs = changes.map(({ pair }) => pair.number);
  const evidence = exchanged ? null : evidenceOf(store, volumes, pairs);
  const other = changes.find(({ pair }) => !evidence || !isShown(evidence.get(pair.number), moving !== null));
  if (other === undefined) return;
  const what =
    moving === null ? 'its volumes are being promoted' : 'its volumes are being brought from one point to another';
  throw refusedChange(group, other, `${what}, and nothing proves that it is one of them`, remedyOf(group, other));
}

/**
 * Throws where an open cycle has overwritten a volume, and the one at the new path is not the one that it did that to:
 * by the digests in its journals. What is written there later is saved like any other content.
 */
function assertCycleGoesOn(
  group: OpenGroup,
  changes: readonly PathChange[],
  site: SiteLetter,
  volumes: VolumeSet,
): void {
  const store = group.storeOf(site);
  const { receiving } = store.record;
  if (receiving === null) return;
  const { chunks, journals, evidence } = damageOf(store, { volumes, checkpoint: () => undefined });
  // Of a target that was made, found blank, or not saved, only what was kept to tell it from others proves anything.
  const changed = receiving.pairs.filter(({ number }) => changes.some(({ pair }) => pair.number === number));
  const unproved = changed.filter((open) => {
    if (open.save === 'journal') return journals.length > 0;
    const { fitting, strange } = testimony(store, open, { volumes, checkpoint: () => undefined });
    return fitting <= strange;
  });
  const foreign = [...evidence].filter(([, { fits, other }]) => other !== null && !fits).map(([number]) => number);
  const written = chunks.filter(({ unreadable }) => !unreadable);
  const others = [...written.map((chunk) => chunk.pair), ...unproved.map((pair) => pair.number), ...foreign];
  const other = changes.find(({ pair }) => others.includes(pair.number));
  if (other === undefined) return;
  const why = 'a cycle is open there, and nothing proves that it was begun on that volume';
  throw refusedChange(group, other, why, remedyOf(group, other));
}

/**
 * Throws `not-allowed` where a path changes at a side that is half-way, except for the volume itself under another
 * name, and where files beside it would be lost to the group; `store-unread` where the store that would tell cannot be
 * used.
 */
export function assertPathsMayChange(group: OpenGroup, definition: GroupDefinition, platform: VolumePlatform): void {
  for (const site of sites) {
    const changes = group.definition.pairs.flatMap((pair): PathChange[] => {
      const to = definition.pairs.find((one) => one.id === pair.id)?.paths[site];
      return to === undefined || to === pair.paths[site] ? [] : [{ site, pair, to }];
    });
    if (changes.length === 0) continue;
    const volumes = volumesOf(platform, definition, site);
    try {
      assertMoveGoesOn(group, changes, site, volumes);
      assertCycleGoesOn(group, changes, site, volumes);
    } finally {
      volumes.close();
    }
    for (const change of changes) assertFilesCome(group, change);
  }
}
