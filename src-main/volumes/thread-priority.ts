/** The priority of the calling thread, on the processor and at disks, where the platform knows one for each thread. */
import { setPriority } from 'node:os';
import { lowerThreadIoPriority } from './linux/syscalls.ts';

/** Niceness: on a processor that is wanted by both, a third of the time that others get. */
const nice = 5;

/** Lets production, the window and everybody else go before the calling thread. Best effort: never fails. */
export function lowerPriority(): void {
  // Elsewhere it would be that of the whole process.
  if (process.platform !== 'linux') return;
  lowerThreadIoPriority();
  try {
    setPriority(nice);
  } catch {
    // It is lower already, and may not be raised.
  }
}
