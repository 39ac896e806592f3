/** What a plan would find and do now, group by group; changes nothing. */
import type { Runs } from '../../catalog/runs.ts';
import {
  isHeldUp,
  type JoinedRun,
  type PlanOrder,
  type PlanReview,
  type ReviewedGroup,
} from '../../contract/failover-plans.ts';
import type { GroupView } from '../../contract/groups.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { asReport } from '../../protection/errors.ts';
import type { OperationOrder } from '../../protection/run-context.ts';
import type { GroupBook } from '../group-book.ts';
import { Looks } from '../looks.ts';
import type { SiteThread } from '../site-thread.ts';
import { asLookedAt } from '../start-operation.ts';
import { isOurs, onLanes, standingOf } from './group-sight.ts';
import { sitesAhead } from './sites-ahead.ts';
import { assertSameGroup, nameOf, nextStep, roleIn, type Aim } from './next-step.ts';

export interface ReviewPlaces {
  book: GroupBook;
  runs: Runs;
  orderOf: (request: OperationRequest) => OperationOrder;
}

type Planned = Pick<JoinedRun, 'plan' | 'onFailure' | 'atOnce'> & {
  text: string;
  turns: readonly { group: string; groupId?: string | undefined; priority: number }[];
};

/** Where a plan leads. */
export function aimOf({
  operation,
  to = 'recovery',
  toSite,
}: PlanOrder): Pick<JoinedRun, 'operation' | 'to' | 'toSite'> {
  if (toSite !== undefined) return { operation, to: null, toSite };
  if (operation === 'failback') return { operation, to: 'primary' };
  return { operation, to: operation === 'failover' || operation === 'planned-failover' ? to : null };
}

/** `goesOn`: the run that is gone on with, where one is. */
export async function review(
  planned: Planned,
  order: PlanOrder,
  goesOn: JoinedRun | null,
  places: ReviewPlaces,
): Promise<PlanReview> {
  const { plan, text, onFailure, atOnce, turns } = planned;
  const aim = aimOf(order);
  const leadsTo = sitesAhead(turns, aim, places.book);
  const groups = await onLanes(turns, async (turn, thread) => {
    const { group, priority } = turn;
    const accept = order.accept?.filter((one) => one.group === group).map(({ id }) => id) ?? [];
    return { group, priority, ...(await lookAt(turn, aim, accept, goesOn, places, thread)) };
  });
  const warns = groups.some(({ report }) => report?.verdict === 'warnings');
  const verdict = leadsTo.length > 1 || groups.some(isHeldUp) ? 'blocked' : warns ? 'warnings' : 'ready';
  return { plan, text, ...aim, leadsTo, onFailure, atOnce, verdict, groups };
}

type Found = Omit<ReviewedGroup, 'group' | 'priority'>;

async function lookAt(
  turn: Planned['turns'][number],
  aim: Aim,
  accept: string[],
  goesOn: JoinedRun | null,
  { book, runs, orderOf }: ReviewPlaces,
  thread: SiteThread,
): Promise<Found> {
  let found: Found = { does: 'refuse', says: '', way: null, point: null, report: null, standing: null };
  const name = turn.group;
  try {
    const group = await book.show(name, thread);
    assertSameGroup(turn, group.id);
    const step = nextStep(aim, group, goesOn !== null && isOurs(runs, name, goesOn));
    const { says } = step;
    const does = step.does === 'rollback' ? 'begin' : step.does;
    found = { ...found, does, says, way: wayOf(aim, group), standing: standingOf(group) };
    if (step.does === 'refuse') return { ...found, error: step.error };
    if (step.does === 'nothing') return found;
    const operation = step.does === 'begin' ? aim.operation : step.does;
    const order = orderOf({ operation, group: name, accept });
    const report = await new Looks(thread, () => undefined).look(await asLookedAt(order, { thread, runs }));
    return { ...found, report, point: pointOf(aim, group) };
  } catch (thrown) {
    const error = asReport(thrown);
    return { ...found, says: error.message, error };
  }
}

function wayOf(aim: Aim, group: GroupView): Found['way'] {
  const to = roleIn(group, aim);
  if (to === null || group.activeSite === to) return null;
  return { from: nameOf(group, to === 'primary' ? 'recovery' : 'primary'), to: nameOf(group, to) };
}

/** Only an unplanned failover goes to a point that is there already. */
function pointOf({ operation }: Aim, { failoverPoint, points }: GroupView): Found['point'] {
  if (operation !== 'failover') return null;
  const point = points.find(({ id }) => id === failoverPoint);
  return point === undefined ? null : { id: point.id, at: point.at, consistency: point.consistency };
}
