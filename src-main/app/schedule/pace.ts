/** The limit of a run as its group's policy wants it from moment to moment: quiet hours may begin or end under it. */
import type { Policy } from '../../contract/groups.ts';
import { allowanceAt } from './quiet-hours.ts';

export class Pace {
  readonly #policy: Pick<Policy, 'limitBytesPerSecond' | 'quietHours'>;
  #last: number | null | undefined;

  constructor(policy: Pick<Policy, 'limitBytesPerSecond' | 'quietHours'>) {
    this.#policy = policy;
  }

  /**
   * Bytes a second (null for no limit) where that is another than when it was asked last, else undefined: what the
   * operator set meanwhile holds until quiet hours begin or end.
   */
  change(now: Date): number | null | undefined {
    const { limitBytesPerSecond } = allowanceAt(this.#policy.quietHours, this.#policy.limitBytesPerSecond, now);
    if (limitBytesPerSecond === this.#last) return undefined;
    this.#last = limitBytesPerSecond;
    return limitBytesPerSecond;
  }
}
