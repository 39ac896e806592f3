/** How many lanes a run gets. */
import os from 'node:os';

const mostLanes = 4;
/** A lane is worth its start for about this many bytes. */
const bytesPerLane = 64 << 20;

/** Lanes for a run over volumes of `bytes` in all: two for each core, as lanes wait for disks. */
export function laneCount(bytes: number): number {
  return Math.max(1, Math.min(mostLanes, 2 * os.availableParallelism(), Math.ceil(bytes / bytesPerLane)));
}
