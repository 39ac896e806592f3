/** Whether cycles can keep to a group's target under a limit, by what the last one read. */
import type { Run } from '../../src-main/contract/runs.ts';
import { bytes, duration } from './wording.ts';

const cycles: readonly Run['operation'][] = ['protect', 'sync', 'reprotect'];

/**
 * What is to be known of a limit (MiB a second) and a target (minutes), as they are typed; null where they go together
 * or nothing can be said. `runs`: newest first.
 */
export function limitAgainstTarget(
  runs: readonly Run[],
  { limit, rpoMinutes }: { limit: string; rpoMinutes: string },
): string | null {
  const last = runs.find(({ operation, outcome }) => cycles.includes(operation) && outcome === 'succeeded');
  const [rate, minutes] = [Number(limit), Number(rpoMinutes)];
  if (last === undefined || !(rate > 0) || !(minutes > 0)) return null;
  const seconds = last.bytesCompared / (rate * 2 ** 20);
  if (seconds <= minutes * 60) return null;
  return `The last cycle read ${bytes(last.bytesCompared)}: under this limit that takes ${duration(seconds)}, so points get older than their target.`;
}
