/** Comparing two volumes byte for byte with the engine's lanes, as a cycle does where no digest map is there. */
import { laneCount } from '../../src-main/app/lane-count.ts';
import { createControl, Steering } from '../../src-main/engine/control.ts';
import { inspect } from '../../src-main/protection/cycle/inspect.ts';
import { timed } from './contest.ts';

const chunkSize = 256 << 10;

/** Seconds from the start of the lanes' threads to the answer. Throws where the volumes are not equal. */
export async function compareBytes(source: string, target: string, sizeBytes: number): Promise<number> {
  const pair = { number: 1, id: 'p1', sizeBytes, paths: { A: source, B: target } };
  const steering = new Steering(createControl(laneCount(sizeBytes), 1));
  return timed(async () => {
    const { differing, bytesLooked } = await inspect({
      steering,
      pairs: [pair],
      chunkSize,
      paths: new Map([[pair.number, { source, target }]]),
      against: null,
      samples: null,
      pastCache: false,
      unreadable: 'throws',
    });
    if (differing.length > 0 || bytesLooked !== sizeBytes) throw new Error(`${source} and ${target} are not equal`);
  });
}
