/** The pushed reports: who listens to which, and the telling of them. */
import { pushes, type PushName, type PushReport } from '../contract/contract.ts';

export class Reports {
  readonly #listeners = new Map<PushName, Set<(report: never) => void>>();

  /** Tells all who listen. Throws where the report is not what the contract says. */
  push<K extends PushName>(name: K, report: PushReport<K>): void {
    const valid = pushes[name].parse(report);
    for (const listener of this.#listeners.get(name) ?? []) listener(valid as never);
  }

  /** Gives the function that ends the subscription. */
  subscribe<K extends PushName>(name: K, listener: (report: PushReport<K>) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }
}
