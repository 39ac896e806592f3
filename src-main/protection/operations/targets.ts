/** Getting the target volumes of a seed or a reprotect ready: made where they are missing, and looked at for data. */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import type { PairDefinition, ReceivingPair } from '../../store/record.ts';
import type { VolumeDescription, VolumePlatform } from '../../volumes/volume.ts';
import type { RunContext } from '../run-context.ts';

const readBytes = 1 << 20;

/** What lies at a path, or null where nothing is there. */
export function describeIfThere(platform: VolumePlatform, path: string): VolumeDescription | null {
  try {
    return platform.describe(path);
  } catch (error) {
    if (error instanceof SitepairError && error.report.code === 'volume-lost') return null;
    throw error;
  }
}

/** The offset of the first byte that is not zero, or null for a blank volume. Reads until it finds one. */
export function firstData(
  platform: VolumePlatform,
  path: string,
  sizeBytes: number,
  checkpoint: () => void,
): number | null {
  const handle = platform.open(path, 'read');
  const zeros = Buffer.alloc(readBytes);
  const buffer = Buffer.alloc(readBytes);
  try {
    const end = Math.min(sizeBytes, handle.sizeBytes);
    let data = handle.nextData(0, end);
    while (data !== null) {
      for (let at = data.start; at < data.end; at += readBytes) {
        checkpoint();
        const part = buffer.subarray(0, Math.min(readBytes, data.end - at));
        handle.read(part, at);
        if (!part.equals(zeros.subarray(0, part.length))) return at + part.findIndex((byte) => byte !== 0);
      }
      data = handle.nextData(data.end, end);
    }
    return null;
  } finally {
    handle.close();
  }
}

/** Makes missing target files and says of each pair what happens to what the target holds. */
export function prepareTargets(
  context: RunContext,
  pairs: readonly PairDefinition[],
  site: SiteLetter,
  discard: boolean,
): ReceivingPair[] {
  const control = LaneControl.above(context.steering.shared);
  return pairs.map((pair) => {
    const path = pair.paths[site];
    if (describeIfThere(context.platform, path) === null) {
      context.platform.createFile(path, pair.sizeBytes);
      return { number: pair.number, save: 'blank', created: true };
    }
    const blank =
      firstData(context.platform, path, pair.sizeBytes, () => {
        control.checkpoint();
      }) === null;
    return { number: pair.number, save: blank ? 'blank' : discard ? 'discard' : 'journal', created: false };
  });
}

/** Makes target files again that the open cycle had made and that a rollback which was cut off has removed. */
export function remakeTargets(
  context: RunContext,
  pairs: readonly PairDefinition[],
  site: SiteLetter,
  open: readonly ReceivingPair[],
): void {
  for (const pair of pairs) {
    const made = open.some((one) => one.number === pair.number && one.created);
    const path = pair.paths[site];
    if (made && describeIfThere(context.platform, path) === null) context.platform.createFile(path, pair.sizeBytes);
  }
}
