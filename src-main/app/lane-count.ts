/** How many lanes a run gets. */
import os from 'node:os';

/** Two at least, so that one computes while the other waits for a disk; more than these only wait for each other. */
const fewestLanes = 2;
const mostLanes = 4;
/** A lane is worth its start for about this many bytes. */
const bytesPerLane = 64 << 20;

/** Lanes for a run over volumes of `bytes` in all: one for each core. */
export function laneCount(bytes: number): number {
  const serving = Math.min(mostLanes, Math.max(fewestLanes, os.availableParallelism()));
  return Math.max(1, Math.min(serving, Math.ceil(bytes / bytesPerLane)));
}
