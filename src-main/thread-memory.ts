/**
 * What each thread may keep for objects that are soon dropped, MiB: V8 takes up to 48 of them before it looks what it
 * could reuse, and a run has half a dozen threads. Larger is no faster here: what is large lies in shared memory.
 */
import type { ResourceLimits } from 'node:worker_threads';

export const threadMemory: ResourceLimits = { maxYoungGenerationSizeMb: 4 };
