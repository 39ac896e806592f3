/** Whether a volume is blank. One that is has to be read to its end to tell, so a run looks at each only once. */
import { LaneControl } from '../engine/control.ts';
import type { VolumeHandle } from '../volumes/volume.ts';
import type { RunContext } from './run-context.ts';

const readBytes = 1 << 20;
/** How far ahead the system is asked to read, bytes. */
const aheadBytes = 16 << 20;

/**
 * The offset of the first byte that is not zero in the first `sizeBytes` of a volume, or null where there is none: as
 * it was when this run first asked. Throws what the volume throws, and `cancelled`.
 */
export function firstData(context: RunContext, path: string, sizeBytes: number): number | null {
  const question = `${path} ${sizeBytes}`;
  const known = context.firstData.get(question);
  if (known !== undefined) return known;
  const control = LaneControl.above(context.steering.shared);
  const handle = context.platform.open(path, 'read');
  try {
    const found = search(handle, Math.min(sizeBytes, handle.sizeBytes), () => {
      control.checkpoint();
    });
    context.firstData.set(question, found);
    return found;
  } finally {
    handle.close();
  }
}

function search(handle: VolumeHandle, end: number, checkpoint: () => void): number | null {
  const zeros = Buffer.alloc(readBytes);
  const buffer = Buffer.alloc(readBytes);
  let data = handle.nextData(0, end);
  while (data !== null) {
    for (let at = data.start; at < data.end; at += readBytes) {
      checkpoint();
      if ((at - data.start) % aheadBytes === 0) {
        handle.prefetch({ start: at, end: Math.min(data.end, at + 2 * aheadBytes) });
      }
      const part = buffer.subarray(0, Math.min(readBytes, data.end - at));
      handle.read(part, at);
      if (!part.equals(zeros.subarray(0, part.length))) return at + part.findIndex((byte) => byte !== 0);
    }
    data = handle.nextData(data.end, end);
  }
  return null;
}
