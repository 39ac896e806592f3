/** What uses a volume now: the kernel (mounts, holders, loop devices, swap) and other processes. */
import { closeSync, constants, openSync } from 'node:fs';
import { processName } from '../../processes.ts';
import type { VolumeUse } from '../volume.ts';
import { look } from './look.ts';
import { deviceSpace, inodeSpace } from './loops.ts';
import { isOpenHere, type Opener, otherOpeners } from './processes.ts';
import { isBusy } from './system-error.ts';
import { followUses, phrase, type Place, readUseFacts, volumePlace } from './use-places.ts';

/** All uses of the volume at a path, this process left out; errors as in VolumePlatform.describe. */
export function usesOf(path: string): VolumeUse[] {
  const { stat, device } = look(path);
  const space = device === null ? inodeSpace(stat.dev, stat.ino) : deviceSpace(device);
  const { places, uses } = followUses(volumePlace(space, device), readUseFacts());
  const spaces = places.map((place) => place.space);
  const openers = otherOpeners(spaces).flatMap((opener) => openUse(opener, places));
  const all = [...uses, ...openers];
  if (device !== null && !all.some(explainsHold) && isHeld(path) && !isOpenHere(spaces)) {
    all.push({ by: 'holder', detail: 'held exclusively by another program', writes: true });
  }
  return all;
}

function openUse(opener: Opener, places: Place[]): VolumeUse[] {
  const { pid, command, space, writes } = opener;
  return places
    .filter((place) => place.space === space)
    .map((place) => ({
      by: 'process',
      detail: phrase(place, `open for ${writes ? 'writing' : 'reading'} by ${command} (pid ${pid})`),
      writes,
      ...(command === processName ? { ours: true } : {}),
    }));
}

/** Whether a use is one that the kernel keeps exclusive openers away for. That a process has it open is not enough. */
function explainsHold(use: VolumeUse): boolean {
  return use.by !== 'process' && use.by !== 'loop';
}

/** Whether the kernel refuses to open the device exclusively: something holds it, seen from here or not. */
function isHeld(path: string): boolean {
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_EXCL));
    return false;
  } catch (cause) {
    return isBusy(cause);
  }
}
