/**
 * The turn of one group of a failover plan: the group is asked where it stands, and gets the ordinary run that comes
 * next, until it is through or one of them does not come through. A run is given how the group stood when that was
 * decided: where it stands otherwise once the run holds it, nothing is done, as a failover would lead back then.
 */
import type { Runs } from '../../catalog/runs.ts';
import { SitepairError } from '../../contract/errors.ts';
import type { JoinedRun, PlanTurn } from '../../contract/failover-plans.ts';
import type { GroupView } from '../../contract/groups.ts';
import type { OperationRequest, OperationResult } from '../../contract/runs.ts';
import { checkTable } from '../../protection/checks/table.ts';
import { asReport } from '../../protection/errors.ts';
import type { GroupBook } from '../group-book.ts';
import { isOurs, standingOf, viewOf } from './group-sight.ts';
import { heldBy, untilFree } from './held-group.ts';
import { assertSameGroup, beginsAnew, movedNothing, nextStep } from './next-step.ts';
import { newcomer, unconfirmedResume } from './refusals.ts';

/** A group that was gone on with so often and is not through goes nowhere. */
const mostSteps = 4;

/** How an attempt goes about it. */
export interface Manner {
  /** Whether somebody sits there, whom a step of a group's recovery plan may ask. */
  attended: boolean;
  /** Whether the plan's name was typed; without it nothing new begins. */
  confirmed: boolean;
}

/** What a turn is taken with. */
export interface Hands {
  book: GroupBook;
  runs: Runs;
  /** Starts a run, which was confirmed at that moment (ISO 8601; left out: now), and gives its id. */
  begin: (request: OperationRequest, confirmedAt?: string) => Promise<string>;
  /** Waits for the run's end. */
  result: (runId: string) => Promise<OperationResult>;
  /** Asks a run to stop; one that has ended by itself is let be. */
  stop: (runId: string | null) => void;
  /** Keeps and tells how the run of the plan gets on. */
  keep: (run: JoinedRun) => void;
}

/** Never throws: what went wrong is in the turn. */
export async function takeTurn(run: JoinedRun, turn: PlanTurn, manner: Manner, hands: Hands): Promise<void> {
  try {
    for (let n = 0; n < mostSteps && !run.cancelling; n += 1) {
      if (await oneStep(run, turn, manner, hands, n > 0)) return;
    }
    turn.state = 'stopped';
    turn.says = run.cancelling ? 'It was stopped.' : 'It was gone on with several times, and is not through.';
  } catch (thrown) {
    turn.state = 'stopped';
    turn.error = asReport(thrown);
    turn.says = turn.error.message;
  } finally {
    hands.keep(run);
  }
}

/** Gives whether the group's turn is over, one way or the other. `goneOn`: something was gone on with just before. */
async function oneStep(
  run: JoinedRun,
  turn: PlanTurn,
  manner: Manner,
  hands: Hands,
  goneOn: boolean,
): Promise<boolean> {
  const { book, runs, begin, result, stop, keep } = hands;
  // An unplanned failover waits for nothing: what holds the group makes way.
  if (run.operation !== 'failover') {
    await untilFree(
      turn.group,
      runs,
      () => isStopping(run),
      (words) => {
        turn.says = words;
        keep(run);
      },
    );
    if (isStopping(run)) return false;
  }
  const group = await viewOf(book, turn.group);
  // Where it would be led was not held against where the others go.
  if (turn.groupId === undefined) throw newcomer(run.plan, turn.group);
  assertSameGroup(turn, group.id);
  const step = nextStep(run, group, isOurs(runs, turn.group, run));
  // What came of that tells more than that the group is there.
  if (!goneOn || step.does !== 'nothing') turn.says = step.says;
  if (step.does === 'refuse') throw new SitepairError(step.error);
  if (step.does === 'nothing') {
    turn.state = 'done';
    return true;
  }
  // It stands otherwise than it did when the resume was asked for.
  if (!manner.confirmed && beginsAnew(step)) throw unconfirmedResume(run.plan, run.operation, [turn.group]);
  if (isStopping(run)) return false;
  turn.outcome = null;
  delete turn.error;
  // Whoever confirmed the plan waits since then, whatever went before this group.
  const confirmedAt = beginsAnew(step) ? run.attempts.at(-1)?.at : undefined;
  turn.runId = await begin(requestOf(run, turn, step.does, group, manner), confirmedAt);
  keep(run);
  // Cancelled while it was being started.
  if (isStopping(run)) stop(turn.runId);
  const ended = await result(turn.runId);
  const { outcome, pointId } = ended.run;
  const error = heldBy(ended);
  turn.outcome = outcome;
  if (pointId !== undefined) turn.pointId = pointId;
  if (outcome === 'succeeded') {
    // What was seen as it was confirmed is what it stood like before this.
    delete turn.seen;
    turn.says = ended.run.report?.result ?? turn.says;
    turn.state = step.does === 'begin' ? 'done' : turn.state;
    return step.does === 'begin';
  }
  if (error !== undefined) turn.error = error;
  turn.says = error?.message ?? `Its run was ${outcome ?? 'not ended'}.`;
  turn.state = 'stopped';
  return true;
}

/**
 * Whether what is accepted counts for what is done before the operation begins. What was given with the operation was
 * given for that: of it goes along what a look at the other shows. What was given with a resume was told of it.
 */
function isAsked({ attempts }: JoinedRun, does: 'resume' | 'rollback', view: GroupView, id: string): boolean {
  if (does === 'resume' && attempts.length > 1) return true;
  // To go on with a planned failover that has moved nothing is to begin it anew.
  const rules = does === 'resume' && movedNothing(view) ? checkTable['planned-failover'] : checkTable[does];
  return rules.some((rule) => rule.id === id && (rule.fail === 'accept' || rule.unknown === 'accept'));
}

/** Asked again and again: it changes while something is waited for. */
function isStopping({ cancelling }: JoinedRun): boolean {
  return cancelling;
}

/** `view`: how the group stood when this was decided; what was seen as it was confirmed counts before that. */
function requestOf(
  run: JoinedRun,
  turn: PlanTurn,
  does: 'begin' | 'resume' | 'rollback',
  view: GroupView,
  { attended }: Manner,
): OperationRequest {
  const { group, accept, read, seen } = turn;
  const begins = does === 'begin';
  const accepted = accept.filter((id) => begins || isAsked(run, does, view, id));
  return {
    operation: begins ? run.operation : does,
    group,
    // The operator has typed the plan's name for all of its groups.
    ...(begins ? { confirm: group } : {}),
    ...(accepted.length === 0 ? {} : { accept: accepted }),
    ...(read === undefined ? {} : { read }),
    seen: begins && seen !== undefined ? seen : standingOf(view),
    ...(attended ? { attended } : {}),
    ...(run.reason === undefined ? {} : { reason: run.reason }),
    partOf: { plan: run.plan, id: run.id },
  };
}
