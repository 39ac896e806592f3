/** Cycle numbers. They come from the store, are durable before use, and are never used twice. */

/** The number after the last one given out. */
export function nextCycle(counter: number): number {
  return counter + 1;
}
