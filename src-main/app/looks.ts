/**
 * Looks at prerequisites. Most take a moment; one that reads all of the volumes may take hours, so it says how far it
 * is, keeps to the group's limit, and ends when it is asked to.
 */
import type { CheckId, CheckReport } from '../contract/checks.ts';
import type { PushReport } from '../contract/contract.ts';
import { SitepairError } from '../contract/errors.ts';
import { createControl, Steering } from '../engine/control.ts';
import type { OperationOrder } from '../protection/run-context.ts';
import { laneCount } from './lane-count.ts';
import { RateWindow, secondsFor } from './rate-window.ts';
import type { SiteThread } from './site-thread.ts';

interface Look {
  group: string;
  stop: () => void;
}

export class Looks {
  readonly #thread: SiteThread;
  readonly #push: (reading: PushReport<'checks.reading'>) => void;
  readonly #open = new Set<Look>();

  constructor(thread: SiteThread, push: (reading: PushReport<'checks.reading'>) => void) {
    this.#thread = thread;
    this.#push = push;
  }

  /** All checks of an operation, or `only` one. Rejects as they do, and with `cancelled` at once when it is stopped. */
  async look(order: OperationOrder, only?: CheckId): Promise<CheckReport> {
    const { pairs, policy } = order.registration.definition;
    const bytes = pairs.reduce((sum, pair) => sum + pair.sizeBytes, 0);
    const steering = new Steering(createControl(laneCount(bytes), 1));
    steering.limit(policy.limitBytesPerSecond);
    const group = order.request.group;
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        steering.cancel();
        reject(stoppedError(group));
      };
    });
    const look = { group, stop };
    this.#open.add(look);
    const window = new RateWindow();
    const report = this.#thread.ask('checks', { ...order, only, control: steering.shared }, (news) => {
      if (news.kind !== 'reading' || !this.#open.has(look)) return;
      const { bytesRead, bytesTotal } = news;
      const rates = window.rates(Date.now(), bytesRead);
      this.#push({ group, bytesRead, bytesTotal, secondsLeft: secondsFor(bytesTotal - bytesRead, rates) });
    });
    try {
      return await Promise.race([report, stopped]);
    } finally {
      this.#open.delete(look);
      // A thread that was left behind must not read on, once it can.
      steering.cancel();
    }
  }

  /** Stops all looks at a group, or all; those who wait for them are told at once. */
  stop(group?: string): void {
    for (const look of this.#open) if (group === undefined || look.group === group) look.stop();
  }
}

function stoppedError(group: string): SitepairError {
  return new SitepairError({
    code: 'cancelled',
    message: `The look at the prerequisites of ${group} was stopped before it had found everything.`,
    remedy: 'Nothing was changed. Look again, by a sample where reading all takes too long.',
  });
}
