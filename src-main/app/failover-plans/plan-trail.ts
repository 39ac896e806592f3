/** What the audit log has of the runs of failover plans: who began one, went on with it or stopped it, how it ended. */
import type { JoinedRun } from '../../contract/failover-plans.ts';
import { asReport } from '../../protection/errors.ts';
import type { LogFile } from '../log-file.ts';
import type { Trail } from '../trail.ts';

export interface PlanTrail {
  /** Throws as `Trail.append`: what cannot be taken down must not begin. */
  began: (how: 'started' | 'resumed', run: JoinedRun) => void;
  /** Never throw: it is so whether or not it can be taken down. */
  stopAsked: (run: JoinedRun) => void;
  ended: (run: JoinedRun) => void;
}

export function planTrail(trail: Trail, log: LogFile): PlanTrail {
  const append = (what: string, { plan, id, operation }: JoinedRun, more: Record<string, unknown>): void => {
    trail.append(`failover plan ${what}`, null, null, { plan, planRun: id, operation, ...more });
  };
  const appendIfPossible: typeof append = (what, run, more) => {
    try {
      append(what, run, more);
    } catch (error) {
      log.write('error', `"failover plan ${what}" is not in the audit log`, { run: run.id, error: asReport(error) });
    }
  };
  return {
    began: (how, run) => {
      const taken = run.turns.filter(({ state }) => state !== 'done');
      const accepted = taken.flatMap(({ group, accept }) => accept.map((id) => `${group}:${id}`));
      append(how, run, { to: run.toSite ?? run.to, reason: run.reason, accepted });
    },
    stopAsked: (run) => {
      appendIfPossible('stop asked', run, {});
    },
    ended: (run) => {
      const { outcome, turns } = run;
      const groups = Object.fromEntries(turns.map(({ group, state }) => [group, state]));
      appendIfPossible('ended', run, { outcome, groups });
    },
  };
}
