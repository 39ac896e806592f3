/** A failover plan as its page shows it: read whenever somebody changed something, its run as it is pushed. */
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import type { FailoverPlanView } from '../../src-main/contract/failover-plans.ts';
import { invoke, reportOf, subscribe } from './api.ts';

export class ShownPlans {
  plans = $state.raw<FailoverPlanView[]>([]);
  loaded = $state(false);
  failure = $state.raw<ErrorReport | null>(null);

  /** To be made while a component is. */
  constructor() {
    void this.read();
    $effect(() => subscribe('state.changed', () => void this.read()));
    $effect(() =>
      subscribe('failover-plan.changed', (run) => {
        this.plans = this.plans.map((plan) => (plan.name === run.plan ? { ...plan, lastRun: run } : plan));
      }),
    );
  }

  named(name: string): FailoverPlanView | null {
    return this.plans.find((plan) => plan.name === name) ?? null;
  }

  async read(): Promise<void> {
    try {
      this.plans = (await invoke('failover-plans.list', {})).plans;
      this.failure = null;
    } catch (error) {
      this.failure = reportOf(error);
    }
    this.loaded = true;
  }
}
