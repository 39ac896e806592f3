/** A kind of volume that the conformance suite is run against. */
import type { OpenMode, VolumeHandle, VolumePlatform } from '../../src-main/volumes/volume.ts';

export interface Subject {
  platform: VolumePlatform;
  /** Makes a volume of `sizeBytes` zeros and gives its path. */
  make(sizeBytes: number): string;
  /** A path where nothing is, beside the volumes that are made. */
  nowhere: string;
  /** Sizes that can be made are multiples of this many bytes. */
  sizeUnit: number;
  /** Whether what was never written is told as a hole; holes are told in blocks of this many bytes. */
  holeUnit: number | null;
}

/** Opens a volume for the time of a call. */
export function using<T>(subject: Subject, path: string, mode: OpenMode, call: (handle: VolumeHandle) => T): T {
  const handle = subject.platform.open(path, mode);
  try {
    return call(handle);
  } finally {
    handle.close();
  }
}
