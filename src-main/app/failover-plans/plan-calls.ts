/** The calls that keep failover plans, say what one would meet now, and carry one out. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Catalog } from '../../catalog/database.ts';
import { FailoverPlanBook, type KeptPlan } from '../../catalog/failover-plans.ts';
import { JoinedRuns } from '../../catalog/joined-runs.ts';
import type { FailoverPlanView, JoinedRun, PlanOrder, PlanResume, PlanStart } from '../../contract/failover-plans.ts';
import { assertGroupName } from '../../protection/admin/names.ts';
import { asReport } from '../../protection/errors.ts';
import type { Handlers } from '../handlers.ts';
import { assertReason } from '../reason-wanted.ts';
import type { RunDiary } from '../run-diary.ts';
import type { Runbooks } from '../runbooks.ts';
import type { SiteThread } from '../site-thread.ts';
import type { Trail } from '../trail.ts';
import { planTrail } from './plan-trail.ts';
import { groupsIn } from './plans-of-group.ts';
import { JoinedRunner, type RunnerPlaces } from './joined-runner.ts';
import { parseFailoverPlan } from './parse.ts';
import {
  assertAccepted,
  assertNoOtherName,
  changedSinceBegun,
  closedToResume,
  notAsRead,
  resumedMeanwhile,
  unconfirmedPlan,
} from './refusals.ts';
import { assertOneWay, assertSite, sitesAhead } from './sites-ahead.ts';
import { groupsOf, isAsBegun, turnsAgain, whatIsLeft, wordsFor } from './resuming.ts';
import { aimOf, review, type ReviewPlaces } from './review.ts';

interface Places extends ReviewPlaces, Omit<RunnerPlaces, 'joined' | 'ended'> {
  catalog: Catalog;
  diary: RunDiary;
  trail: Trail;
  operator: string;
  runbooks: Runbooks;
  thread: SiteThread;
}

type FailoverPlanCall = Extract<keyof Handlers, `failover-plans.${string}`>;

export interface FailoverPlans {
  calls: Pick<Handlers, FailoverPlanCall>;
  /** The runs of plans, as they are kept. */
  joined: JoinedRuns;
  /** Stops what is carried out, and waits for its end. */
  close: () => Promise<void>;
}

export function failoverPlans(places: Places): FailoverPlans {
  const { catalog, book, diary, trail, operator, runbooks, thread } = places;
  const plans = new FailoverPlanBook(catalog);
  const trace = planTrail(trail, places.log);
  const joined = new JoinedRuns(catalog, trace.ended);
  const runner = new JoinedRunner({ ...places, joined, ended: trace.ended });

  const shown = (kept: KeptPlan): FailoverPlanView => {
    const plan = parseFailoverPlan(kept.text);
    const known = new Set(book.definitions().map(({ name }) => name));
    const named = plan.priorities.flatMap(({ groups }) => groups);
    const [lastRun = null] = joined.list({ plan: kept.name, limit: 1 });
    return { ...kept, plan, unknown: named.filter((name) => !known.has(name)), lastRun };
  };

  const idsNow = (): Map<string, string> => new Map(book.definitions().map(({ name, id }) => [name, id]));

  const start = (order: PlanStart): JoinedRun => {
    const kept = plans.get(order.name);
    const plan = parseFailoverPlan(kept.text);
    const { onFailure, atOnce } = plan;
    const turns = groupsOf(plan);
    assertAccepted(order, turns);
    assertSite(order, turns, book);
    const aim = aimOf(order);
    if (order.text !== undefined && order.text !== kept.text) throw notAsRead(order.name);
    if (order.confirm !== order.name) throw unconfirmedPlan(order, turns);
    assertOneWay(order, sitesAhead(turns, aim, book));
    const definitions = book.definitions();
    const planned = definitions.filter(({ name }) => turns.some(({ group }) => group === name));
    assertReason(order.operation, order.reason, planned);
    const ids = idsNow();
    const run: JoinedRun = {
      id: randomUUID(),
      plan: order.name,
      ...aim,
      onFailure,
      atOnce,
      ...(order.reason === undefined ? {} : { reason: order.reason }),
      attempts: [{ at: new Date().toISOString(), operator }],
      endedAt: null,
      outcome: null,
      cancelling: false,
      turns: turns.map(({ group, priority }) => {
        const groupId = ids.get(group);
        return {
          ...{ group, priority, state: 'waiting', says: '', runId: null, outcome: null },
          ...wordsFor(order, group),
          ...(groupId === undefined ? {} : { groupId }),
        };
      }),
    };
    runner.start(run, { attended: order.attended === true, confirmed: true }, () => {
      trace.began('started', run);
    });
    return run;
  };

  /** Throws `plan-unknown`, `not-allowed` and `busy`. */
  const resumable = (name: string): JoinedRun => {
    const { text } = plans.get(name);
    const [last] = joined.list({ plan: name, limit: 1 });
    if (last === undefined || last.outcome === null || last.outcome === 'succeeded') {
      throw closedToResume(name, last?.outcome);
    }
    if (!isAsBegun(last, parseFailoverPlan(text))) throw changedSinceBegun(last);
    return last;
  };

  const resume = async (order: PlanResume): Promise<JoinedRun> => {
    const last = resumable(order.name);
    assertAccepted(order, last.turns);
    assertNoOtherName(order);
    // One that this machine did not know as the plan began may be here by now.
    const { operation, to, toSite } = last;
    assertOneWay({ name: order.name, operation, to: to ?? undefined, toSite }, sitesAhead(last.turns, last, book));
    const left = await whatIsLeft(last, places);
    // Looking takes its time.
    if (!isDeepStrictEqual(resumable(order.name), last)) throw resumedMeanwhile(order.name);
    const run: JoinedRun = {
      ...last,
      attempts: [...last.attempts, { at: new Date().toISOString(), operator }],
      endedAt: null,
      outcome: null,
      cancelling: false,
      turns: turnsAgain(last, left, order, idsNow()),
    };
    runner.start(run, { attended: order.attended === true, confirmed: order.confirm !== undefined }, () => {
      trace.began('resumed', run);
    });
    return run;
  };

  const groupsNamedBy = (name: string): string[] =>
    plans.list().flatMap((kept) => (kept.name === name ? groupsIn(kept.text) : []));

  /** The runbooks of a plan's groups tell of it. A group that cannot be read keeps its old one. */
  const layRunbooks = async (groups: readonly string[]): Promise<void> => {
    const known = book.registrations().filter(({ definition }) => groups.includes(definition.name));
    for (const registration of known) {
      const view = await book.show(registration.definition.name).catch(() => null);
      if (view !== null) await runbooks.lay(registration, view, thread);
    }
  };

  const calls: FailoverPlans['calls'] = {
    'failover-plans.list': () => {
      diary.endAbandoned();
      return { plans: plans.list().map(shown) };
    },
    'failover-plans.show': ({ name }) => {
      diary.endAbandoned();
      return { plan: shown(plans.get(name)) };
    },
    'failover-plans.look': ({ text }) => {
      try {
        parseFailoverPlan(text);
        return { wrong: null };
      } catch (error) {
        return { wrong: asReport(error).message };
      }
    },
    'failover-plans.set': async ({ name, text }) => {
      assertGroupName(name);
      parseFailoverPlan(text);
      const before = groupsNamedBy(name);
      plans.keep({ name, text, set: { at: new Date().toISOString(), operator } });
      trail.append('failover plan set', null, null, { plan: name, text });
      await layRunbooks([...before, ...groupsNamedBy(name)]);
      return { plan: shown(plans.get(name)) };
    },
    'failover-plans.remove': async ({ name }) => {
      const before = groupsNamedBy(name);
      // It could not be stopped by its name any more.
      catalog.write(() => {
        joined.assertNoneGoing(name);
        plans.remove(name);
      });
      trail.append('failover plan removed', null, null, { plan: name });
      await layRunbooks(before);
      return { message: `The failover plan ${name} was removed. Its groups are left alone, and its runs are kept.` };
    },
    'failover-plans.check': async (order: PlanOrder) => {
      diary.endAbandoned();
      const { text } = plans.get(order.name);
      const plan = parseFailoverPlan(text);
      const turns = groupsOf(plan);
      assertAccepted(order, turns);
      assertSite(order, turns, book);
      return { review: await review({ plan: order.name, text, ...plan, turns }, order, null, places) };
    },
    'failover-plans.check-resume': async ({ name, accept }) => {
      diary.endAbandoned();
      const last = resumable(name);
      assertAccepted({ name, accept }, last.turns);
      const { operation, to, toSite } = last;
      const order = { name, operation, to: to ?? undefined, toSite, accept };
      const found = await review({ ...last, text: '' }, order, last, places);
      // What was through, and still is, is not gone on with.
      const through = new Set(last.turns.filter(({ state }) => state === 'done').map(({ group }) => group));
      const groups = found.groups.filter(({ group, does }) => !through.has(group) || does !== 'nothing');
      return { review: { ...found, groups } };
    },
    'failover-plans.start': (order) => {
      diary.endAbandoned();
      return { planRun: start(order) };
    },
    'failover-plans.resume': async (order) => {
      diary.endAbandoned();
      return { planRun: await resume(order) };
    },
    'failover-plans.result': async ({ id }) => ({ planRun: await runner.result(id) }),
    'failover-plans.cancel': ({ id }) => {
      trace.stopAsked(runner.cancel(id));
      return { message: 'No further group is begun, and the runs under way were asked to stop.' };
    },
    'failover-plans.runs': ({ name, limit }) => {
      diary.endAbandoned();
      return { planRuns: joined.list({ plan: name, limit }) };
    },
  };
  return { calls, joined, close: () => runner.close() };
}
