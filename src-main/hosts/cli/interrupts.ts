/**
 * SIGINT and SIGTERM of this process, and the end of a process whose threads may be stalled. `process.exit` and the
 * natural end join every thread, and a thread that waits for a hung device never comes back; `_exit` of the C library
 * (POSIX) joins none and keeps the exit code.
 */
import koffi from 'koffi';
import type { Interrupts } from './host.ts';

/**
 * Milliseconds in which several signals count as one: npm passes on the Ctrl-C that the terminal has already sent to
 * the whole process group, so that one key press arrives twice.
 */
const oneKeyPress = 300;

/** The signals of this process. While nobody listens, they end it as they end any process. */
export function processInterrupts(): Interrupts {
  return {
    listen(listener) {
      let last = -Infinity;
      const onSignal = (): void => {
        const now = performance.now();
        const again = now - last < oneKeyPress;
        last = now;
        if (!again) listener();
      };
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      return () => {
        process.off('SIGINT', onSignal);
        process.off('SIGTERM', onSignal);
      };
    },
    endAtOnce: hardExit,
  };
}

/** Ends this process at once with `exitCode`, by SIGKILL where the C library cannot be called. Does not return. */
export function hardExit(exitCode: number): void {
  try {
    koffi.load(null).func('void _exit(int)')(exitCode);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}
