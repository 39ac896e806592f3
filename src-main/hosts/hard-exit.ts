/**
 * The end of a process whose threads may be stalled. `process.exit` and the natural end join every thread, and a thread
 * that waits for a hung device never comes back; `_exit` of the C library (POSIX) joins none and keeps the exit code.
 */
import koffi from 'koffi';

/** Ends this process at once with `exitCode`, by SIGKILL where the C library cannot be called. Does not return. */
export function hardExit(exitCode: number): never {
  try {
    koffi.load(null).func('void _exit(int)')(exitCode);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
  throw new Error('unreachable: the process has ended');
}
