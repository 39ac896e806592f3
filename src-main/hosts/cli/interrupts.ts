/** SIGINT and SIGTERM of this process. */
import type { Interrupts } from './host.ts';

/**
 * Milliseconds in which several signals count as one: npm passes on the Ctrl-C that the terminal has already sent to
 * the whole process group, so that one key press arrives twice.
 */
const oneKeyPress = 300;

/** The signals of this process. While nobody listens, they end it as they end any process. `end`: ends it at once. */
export function processInterrupts(end: (exitCode: number) => never): Interrupts {
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
    endAtOnce: end,
  };
}
