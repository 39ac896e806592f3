/** A site's volumes as a run has them open. */
import type { SiteLetter } from '../contract/phases.ts';
import { definitionAtWork, numbersTakenOut } from '../store/pairs.ts';
import { VolumeSet } from '../store/volume-set.ts';
import { assertLargeEnough } from '../volumes/large-enough.ts';
import type { OpenMode } from '../volumes/volume.ts';
import type { OpenGroup } from './group.ts';
import type { RunContext } from './run-context.ts';

type Places = Pick<RunContext, 'platform'>;

/**
 * The volumes of a site, `without` those of some pairs and of those that were taken out of the group; the caller closes
 * them. One that ends before its pair's size throws `volume-changed`.
 */
export function volumesOf(
  group: OpenGroup,
  context: Places,
  site: SiteLetter,
  mode: OpenMode,
  without: ReadonlySet<number> = new Set(),
): VolumeSet {
  const receiving = group.recordOf(group.replicaSite)?.receiving ?? null;
  const { pairs } = definitionAtWork({ definition: group.definition, receiving });
  return new VolumeSet(
    (number) => {
      const pair = pairs.find((one) => one.number === number);
      const volume = context.platform.open(pair?.paths[site] ?? '', mode);
      try {
        assertLargeEnough(volume, pair?.sizeBytes ?? 0);
        return volume;
      } catch (error) {
        volume.close();
        throw error;
      }
    },
    new Set([...without, ...numbersTakenOut(group.definition)]),
  );
}

/** Runs `work` with the volumes of a site, and closes them afterwards. */
export function withVolumes<T>(
  group: OpenGroup,
  context: Places,
  site: SiteLetter,
  mode: OpenMode,
  work: (volumes: VolumeSet) => T,
  without?: ReadonlySet<number>,
): T {
  const volumes = volumesOf(group, context, site, mode, without);
  try {
    return work(volumes);
  } finally {
    volumes.close();
  }
}
