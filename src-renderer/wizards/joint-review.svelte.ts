/** What a failover plan would meet now, as its wizard shows it, and what the operator takes upon himself of it. */
import type { CheckResult } from '../../src-main/contract/checks.ts';
import type { ErrorReport } from '../../src-main/contract/errors.ts';
import {
  isHeldUp,
  type JointOperation,
  type PlanOrder,
  type PlanReview,
  type PlanStart,
  type ReviewedGroup,
} from '../../src-main/contract/failover-plans.ts';
import { invoke, reportOf } from '../state/api.ts';

type Taken = Required<Pick<PlanStart, 'accept' | 'read' | 'seen'>>;

/** Whether a check wants the operator's word before its group can begin. */
export function wantsWord(check: CheckResult): boolean {
  return check.status !== 'pass' && check.blocks && check.acceptable;
}

export class JointReview {
  found = $state.raw<PlanReview | null>(null);
  looking = $state(false);
  failure = $state.raw<ErrorReport | null>(null);
  /** Checks that were accepted, "GROUP:CHECK". */
  accepted = $state<string[]>([]);
  #asked = 0;

  async look(name: string, operation: JointOperation | 'resume', way: Pick<PlanOrder, 'to' | 'toSite'>): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    this.looking = true;
    this.accepted = [];
    try {
      const { review } =
        operation === 'resume'
          ? await invoke('failover-plans.check-resume', { name })
          : await invoke('failover-plans.check', { name, operation, ...way });
      // What is asked last counts: answers may come in another order.
      if (mine === this.#asked) [this.found, this.failure] = [review, null];
    } catch (error) {
      if (mine === this.#asked) this.failure = reportOf(error);
    }
    if (mine === this.#asked) this.looking = false;
  }

  accept(group: string, id: string, yes: boolean): void {
    const key = `${group}:${id}`;
    this.accepted = yes ? [...this.accepted, key] : this.accepted.filter((one) => one !== key);
  }

  ofGroup(group: string): string[] {
    return this.accepted.flatMap((key) => (key.startsWith(`${group}:`) ? [key.slice(group.length + 1)] : []));
  }

  /** Whether a group could not begin even with what was accepted of it. */
  isHeldUp(one: ReviewedGroup): boolean {
    if (!isHeldUp(one)) return false;
    if (one.does === 'refuse' || one.error !== undefined) return true;
    const accepted = this.ofGroup(one.group);
    const open = one.report?.checks.filter((check) => check.status !== 'pass' && check.blocks) ?? [];
    return open.some((check) => !check.acceptable || !accepted.includes(check.id));
  }

  /** What goes with the start. */
  get taken(): Taken {
    const groups = this.found?.groups ?? [];
    const checks = groups.flatMap(({ group, report }) =>
      (report?.checks ?? [])
        .filter((check) => wantsWord(check) && this.ofGroup(group).includes(check.id))
        .map(({ id, status, found, gist = found }) => ({ group, id, status, gist })),
    );
    return {
      accept: checks.map(({ group, id }) => ({ group, id })),
      read: checks,
      seen: groups.flatMap(({ group, standing }) => (standing === null ? [] : [{ group, standing }])),
    };
  }
}
