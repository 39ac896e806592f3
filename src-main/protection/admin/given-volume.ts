/** The volume at a path that the operator gave. */
import { SitepairError } from '../../contract/errors.ts';
import type { VolumeDescription, VolumePlatform } from '../../volumes/volume.ts';
import { assertNoStoreFile } from '../store-place.ts';

/**
 * Describes it. A path where nothing is, is a wrong word here and no lost volume, and a file of a store is none: throws
 * `volume-unsuitable`.
 */
export function describeGiven(platform: VolumePlatform, path: string): VolumeDescription {
  try {
    const description = platform.describe(path);
    assertNoStoreFile(path);
    return description;
  } catch (error) {
    if (!(error instanceof SitepairError) || error.report.code !== 'volume-lost') throw error;
    throw new SitepairError({ ...error.report, code: 'volume-unsuitable' }, { cause: error });
  }
}
