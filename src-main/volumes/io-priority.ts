/** The input/output priority of the calling thread, where the platform knows one. */
import { lowerThreadIoPriority } from './linux/syscalls.ts';

/** Lets everybody else's reads and writes go before those of the calling thread. Best effort: never fails. */
export function lowerIoPriority(): void {
  if (process.platform === 'linux') lowerThreadIoPriority();
}
