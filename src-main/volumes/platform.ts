/** Which adapter this machine needs. Those for Windows and macOS go in here, once they are proved there. */
import { linuxVolumes } from './linux/adapter.ts';
import { VolumeError } from './volume-error.ts';
import type { VolumePlatform } from './volume.ts';

/** The adapter of a platform (this one's, unless told otherwise). Throws `volume-unsuitable` where none is proved. */
export function volumePlatform(name: NodeJS.Platform = process.platform): VolumePlatform {
  if (name === 'linux') return linuxVolumes;
  throw new VolumeError('volume-unsuitable', {
    path: name,
    message: `Sitepair cannot handle the volumes of this system (${name}): it is proved on Linux only.`,
    remedy: 'Run Sitepair on a Linux machine that reaches the volumes.',
  });
}
