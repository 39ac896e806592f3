/** What is known of a volume without reading its content. */
import { accessSync, constants } from 'node:fs';
import type { VolumeDescription, WriteMark } from '../volume.ts';
import { noMedium } from '../volume-error.ts';
import {
  attachmentOf,
  deviceBytes,
  diskOf,
  hardwareIdentity,
  isReadOnlyDevice,
  writeCounters,
} from './block-devices.ts';
import { footprintsOf } from './footprints.ts';
import { identityOf } from './identity.ts';
import { look, type Sight } from './look.ts';
import { attachedLoops } from './loops.ts';
import { networkLabel } from './mounts.ts';
import { isRefusalToWrite } from './system-error.ts';

/** Describes the volume at a path; errors as in VolumePlatform.describe. */
export function describeVolume(path: string): VolumeDescription {
  const sight = look(path);
  const { mount, device } = sight;
  const loops = device === null ? [] : attachedLoops();
  return {
    path: sight.path,
    realPath: sight.realPath,
    kind: sight.kind,
    sizeBytes: device === null ? Number(sight.stat.size) : mediumBytes(sight.path, device),
    footprints: footprintsOf(sight, loops),
    readOnly: device === null ? isReadOnlyFile(sight) : isReadOnlyDevice(device),
    network: mount === null || device !== null ? null : networkLabel(mount),
    mount: {
      mountPoint: mount?.mountPoint ?? 'unknown',
      type: mount?.type ?? 'unknown',
      device: mount?.source ?? 'unknown',
    },
    serial: device === null ? null : (hardwareIdentity(diskOf(device)?.disk ?? device)?.serial ?? null),
    identity: device === null ? null : identityOf(device, loops),
    writeMark: writeMark(sight),
  };
}

function mediumBytes(path: string, device: string): number {
  const size = deviceBytes(device);
  if (size === 0) throw noMedium(path);
  return size;
}

/** A file that nobody may write: immutable, or on a read-only mount. Missing rights are another matter. */
function isReadOnlyFile(sight: Sight): boolean {
  try {
    accessSync(sight.path, constants.W_OK);
    return false;
  } catch (cause) {
    return isRefusalToWrite(cause);
  }
}

function writeMark({ device, stat }: Sight): WriteMark {
  if (device === null) return { attachment: '', writes: `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}` };
  return { attachment: attachmentOf(device), writes: `${deviceBytes(device)}:${writeCounters(device)}` };
}
