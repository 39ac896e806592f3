/** How a run of a plan is gone on with: which of its groups are left, and where it would begin something new. */
import { isDeepStrictEqual } from 'node:util';
import type { FailoverPlan, JoinedRun, PlanResume, PlanStart, PlanTurn } from '../../contract/failover-plans.ts';
import type { Runs } from '../../catalog/runs.ts';
import type { GroupBook } from '../group-book.ts';
import { isOurs, onLanes } from './group-sight.ts';
import { assertSameGroup, beginsAnew, nextStep } from './next-step.ts';
import { unconfirmedResume, unseen } from './refusals.ts';

type Words = Pick<PlanTurn, 'accept' | 'read' | 'seen'>;
type Left = Pick<PlanTurn, 'group'> & { isLeft: boolean; isNew: boolean };

/** The groups of a plan in their order. */
export function groupsOf({ priorities }: Pick<FailoverPlan, 'priorities'>): Pick<PlanTurn, 'group' | 'priority'>[] {
  return priorities.flatMap(({ priority, groups }) => groups.map((group) => ({ group, priority })));
}

/** Whether a plan still says what it said when this run of it began. */
export function isAsBegun({ turns, onFailure, atOnce }: JoinedRun, plan: FailoverPlan): boolean {
  const began = { onFailure, atOnce, turns: turns.map(({ group, priority }) => ({ group, priority })) };
  return isDeepStrictEqual(began, { onFailure: plan.onFailure, atOnce: plan.atOnce, turns: groupsOf(plan) });
}

/** Looks at all groups of a run, those that were through as well: one may have been led back since. */
export async function whatIsLeft(run: JoinedRun, { book, runs }: { book: GroupBook; runs: Runs }): Promise<Left[]> {
  return onLanes(run.turns, async (turn, thread) => {
    const { group } = turn;
    try {
      const view = await book.show(group, thread);
      assertSameGroup(turn, view.id);
      const step = nextStep(run, view, isOurs(runs, group, run));
      return { group, isLeft: step.does !== 'nothing', isNew: beginsAnew(step) };
    } catch {
      // Its turn says why; what it may be when its turn comes is not known.
      return { group, isLeft: true, isNew: true };
    }
  });
}

/** The turns of the next attempt. `ids`: those of all groups by name. Throws `confirmation-missing`, `not-allowed`. */
export function turnsAgain(
  { plan, operation, turns }: JoinedRun,
  left: readonly Left[],
  order: PlanResume,
  ids: ReadonlyMap<string, string>,
): PlanTurn[] {
  const anew = left.filter(({ isNew }) => isNew).map(({ group }) => group);
  if (order.confirm === undefined && anew.length > 0) throw unconfirmedResume(plan, operation, anew);
  const { seen } = order;
  const notSeen = seen === undefined ? [] : anew.filter((name) => isThrough(turns, name) && !isNamed(seen, name));
  if (notSeen.length > 0) throw unseen(plan, notSeen);
  return turns.map((turn) => {
    const { group, groupId = ids.get(group) } = turn;
    const isLeft = left.some((one) => one.group === group && one.isLeft);
    return turn.state === 'done' && !isLeft ? turn : again({ ...turn, groupId }, wordsFor(order, group));
  });
}

function isThrough(turns: readonly PlanTurn[], name: string): boolean {
  return turns.some(({ group, state }) => group === name && state === 'done');
}

function isNamed(groups: readonly { group: string }[], name: string): boolean {
  return groups.some(({ group }) => group === name);
}

/** A turn that is taken once more: how the group stood, and what was accepted of it, counted for the attempt before. */
function again({ group, groupId, priority, runId, outcome }: PlanTurn, words: Words): PlanTurn {
  const known = groupId === undefined ? {} : { groupId };
  return { group, ...known, priority, state: 'waiting', says: '', runId, outcome, ...words };
}

/** What the operator takes upon himself in a group, and how it stood when he saw it. */
export function wordsFor(
  { accept = [], read, seen }: Pick<PlanStart, 'accept' | 'read' | 'seen'>,
  group: string,
): Words {
  const accepted = accept.filter((one) => one.group === group).map(({ id }) => id);
  const words = read?.filter((one) => one.group === group).map(({ id, status, gist }) => ({ id, status, gist }));
  const stood = seen?.find((one) => one.group === group)?.standing;
  return {
    accept: accepted,
    ...(words === undefined ? {} : { read: words }),
    ...(stood === undefined ? {} : { seen: stood }),
  };
}
