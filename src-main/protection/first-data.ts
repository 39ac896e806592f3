/** Whether a volume is blank. One that is has to be read to its end to tell, so a run looks at each only once. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LaneControl } from '../engine/control.ts';
import type { VolumeHandle } from '../volumes/volume.ts';
import type { RunContext } from './run-context.ts';

const readBytes = 1 << 20;
/** How far ahead the system is asked to read, bytes. */
const aheadBytes = 16 << 20;

/** Reads between two moments in which the thread takes messages, and so shows that it is alive. */
const readsPerTurn = 16;
/** A wait for the limit is cut into pieces of so many milliseconds, each of which hears of a cancel. */
const longestWait = 200;

/**
 * The offset of the first byte that is not zero in the first `sizeBytes` of a volume, or null where there is none: as
 * it was when this run first asked. Keeps to the run's limit, and tells how far it is. Throws what the volume throws,
 * and `cancelled`.
 */
export async function firstData(context: RunContext, path: string, sizeBytes: number): Promise<number | null> {
  const question = `${path} ${sizeBytes}`;
  const known = context.firstData.get(question);
  if (known !== undefined) return known;
  const handle = context.platform.open(path, 'read');
  try {
    const found = await search(context, handle, Math.min(sizeBytes, handle.sizeBytes));
    context.firstData.set(question, found);
    return found;
  } finally {
    handle.close();
  }
}

async function search(context: RunContext, handle: VolumeHandle, end: number): Promise<number | null> {
  const control = LaneControl.above(context.steering.shared);
  const zeros = Buffer.alloc(readBytes);
  const buffer = Buffer.alloc(readBytes);
  let reads = 0;
  let data = handle.nextData(0, end);
  while (data !== null) {
    for (let at = data.start; at < data.end; at += readBytes) {
      const part = buffer.subarray(0, Math.min(readBytes, data.end - at));
      control.checkpoint();
      for (let wait = control.owed(part.length); wait > 0; wait = control.owed(part.length)) {
        await sleep(Math.min(longestWait, wait));
        control.checkpoint();
      }
      if ((at - data.start) % aheadBytes === 0) {
        handle.prefetch({ start: at, end: Math.min(data.end, at + 2 * aheadBytes) });
      }
      handle.read(part, at);
      if (!part.equals(zeros.subarray(0, part.length))) return at + part.findIndex((byte) => byte !== 0);
      reads += 1;
      if (reads % readsPerTurn !== 0) continue;
      context.reporter.reading(at + part.length, end);
      await nextTurn();
    }
    data = handle.nextData(data.end, end);
  }
  return null;
}
