/** How long a cancelled run is waited for, and what is told of one that does not stop. */
import { SitepairError } from '../contract/errors.ts';
import type { Steering } from '../engine/control.ts';
import type { ProgressMeter } from './progress.ts';

/** How long a cancelled run may take to stop before it is given up, milliseconds. */
const cancelGrace = 5000;

/**
 * `ended` rejects when a cancelled run does not stop within the grace time: a device holds its thread. `stop` is for
 * runs that have ended.
 */
export function givenUp(steering: Steering, meter: ProgressMeter): { ended: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    let since: number | null = null;
    timer = setInterval(() => {
      if (steering.state !== 'cancel') return;
      since ??= performance.now();
      if (performance.now() - since < cancelGrace) return;
      clearInterval(timer);
      const call = steering.longestCall();
      const pair = call === null ? undefined : meter.snapshot().pairs[call.pairIndex];
      const volume = call?.volume ?? (pair === undefined ? 'a device' : `a volume or store of ${pair.pairId}`);
      reject(
        new SitepairError({
          code: 'volume-stalled',
          message: `The run was asked to stop, but ${volume} has not answered${call === null ? '' : ` since ${new Date(call.since).toISOString()}`}; the thread that waits for it was left behind.`,
          where: volume,
          remedy:
            'Look at that device. The group stays locked until it answers or this process has ended; if it answers, the run ends then, and what it came to is shown here.',
        }),
      );
    }, 250);
    timer.unref();
  });
  return { ended, stop: () => clearInterval(timer) };
}
