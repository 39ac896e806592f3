/** That a volume is as large as its pair needs: what lies beyond its end reads as nothing, and nothing is not zeros. */
import type { VolumeHandle } from './volume.ts';
import { volumeChanged } from './volume-error.ts';

/** Throws `volume-changed` where the volume ended before `sizeBytes` when it was opened. */
export function assertLargeEnough(volume: VolumeHandle, sizeBytes: number): void {
  if (volume.sizeBytes >= sizeBytes) return;
  throw volumeChanged(volume.path, { start: volume.sizeBytes, end: sizeBytes }, volume.sizeBytes);
}
