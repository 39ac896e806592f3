/**
 * Runs one operation from its checks to its end, under the group's lock. Never throws: what went wrong is in what it
 * gives.
 */
import type { CheckResult } from '../contract/checks.ts';
import type { Comparison } from '../contract/comparison.ts';
import { SitepairError, type ErrorReport } from '../contract/errors.ts';
import type { GroupView } from '../contract/groups.ts';
import { rehearsals, type Operation } from '../contract/phases.ts';
import type { RunFacts } from '../contract/run-facts.ts';
import type { Mismatch, Outcome } from '../contract/runs.ts';
import { counted } from '../contract/wording.ts';
import { LaneControl } from '../engine/control.ts';
import { answeringPlatform } from './answering.ts';
import { assertAsSeen } from './as-seen.ts';
import { cameTo } from './came-to.ts';
import { runChecks } from './checks/run-checks.ts';
import { asSitepairError } from './errors.ts';
import { journalBytesOf } from './forecast/journal-size.ts';
import { OpenGroup } from './group.ts';
import { rememberIdentities } from './identities.ts';
import { rememberMarks } from './marks.ts';
import { asMeant, stoppedSequence } from './plan/going-on.ts';
import { withinSteps } from './plan/within-run.ts';
import { groupView, lastSeenOf } from './group-view.ts';
import { standingOf } from './standing.ts';
import { changePoint } from './operations/change-point.ts';
import { commit } from './operations/commit.ts';
import { compare } from './operations/compare.ts';
import { drop } from './operations/drop-point.ts';
import { failover } from './operations/failover.ts';
import { removeLeftovers } from './operations/leftovers.ts';
import { markInterrupted, type OperationOutcome } from './operations/outcome.ts';
import { plannedFailover } from './operations/planned-failover.ts';

import { protect } from './operations/protect.ts';
import { reprotect } from './operations/reprotect.ts';
import { resume } from './operations/resume.ts';
import { endOpenRepair } from './operations/roll-back-open.ts';
import { rollback } from './operations/rollback.ts';
import { sync } from './operations/sync.ts';
import { undo } from './operations/undo.ts';
import { verify } from './operations/verify.ts';
import type { LastSeen } from './registration.ts';
import { testCleanup } from './rehearsal/test-cleanup.ts';
import { testFailover } from './rehearsal/test-failover.ts';
import { warnOf, type RunContext } from './run-context.ts';
import { runFactsOf, stoodBefore, type StoodBefore } from './run-facts.ts';
import { failoverNow, wayAround, waysOn } from './ways-on.ts';

type Perform = (group: OpenGroup, context: RunContext) => Promise<OperationOutcome> | OperationOutcome;

const performers: Record<Operation, Perform> = {
  protect,
  sync,
  resume,
  rollback,
  verify,
  failover,
  'planned-failover': plannedFailover,
  failback: plannedFailover,
  'change-point': changePoint,
  undo,
  commit,
  reprotect,
  'drop-point': drop,
  compare,
  'test-failover': testFailover,
  'test-cleanup': testCleanup,
};

/** Operations after which it is known what the volumes hold that were written. */
const leavesKnown: readonly Operation[] = [
  'protect',
  'sync',
  'resume',
  'rollback',
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'reprotect',
];

/** What a run gives back to the thread that started it. */
export interface RunEnd {
  outcome: Outcome;
  pointId?: string;
  /** Bytes of the journals of its point. */
  undoBytes?: number;
  mismatches?: Mismatch[];
  comparison?: Comparison;
  /** What it came to, where it succeeded; one sentence. */
  result?: string;
  next: string[];
  error?: ErrorReport;
  checks: CheckResult[];
  group: GroupView;
  definition: RunContext['registration']['definition'];
  lastSeen: LastSeen;
  facts: RunFacts;
  /** Whether a device still holds a thread, so that the process must end hard. */
  threadLeft: boolean;
}

/** Marks are a hint: what was done stays done without them. */
function keepMarks(group: OpenGroup, context: RunContext, atPoint: boolean): void {
  try {
    rememberMarks(group, context.platform, atPoint);
  } catch (error) {
    warnOf(context, 'What tells later whether somebody wrote to the volumes could not be kept', error);
  }
}

function blockedError(checks: readonly CheckResult[]): ErrorReport {
  const blocking = checks.filter((check) => check.blocks && !check.accepted);
  const first = blocking[0];
  return {
    code: 'blocked',
    message: `${counted(blocking.length, 'check')} ${blocking.length === 1 ? 'does' : 'do'} not hold; nothing was changed. ${first?.title ?? ''}: ${first?.found ?? ''}`,
    remedy: first?.remedy ?? 'Look at the checks.',
  };
}

type Left = Pick<RunEnd, 'group' | 'definition' | 'lastSeen' | 'facts'>;

/** `point`: the id of the one that the run made or went to. */
function describeGroup(context: RunContext, group: OpenGroup, before: StoodBefore, point?: string): Left {
  group.reread();
  const view = groupView(group, context.platform, true);
  return {
    group: view,
    facts: runFactsOf(group, before, view, point),
    definition: group.definition,
    lastSeen: lastSeenOf(group, context.registration.lastSeen),
  };
}

/** Whether something became other than it was: bytes of a volume, or where the group stands. */
function hasChanged({ steering }: RunContext, { pairs }: RunEnd['definition'], { before, after }: RunFacts): boolean {
  if (after.phase !== before.phase && after.phase !== 'unknown') return true;
  return pairs.some((_, index) => steering.figures(index).bytesWritten > 0);
}

/** A run is blocked only where it changed nothing: a store that goes in its middle makes it fail. */
function outcomeOf(error: SitepairError, changed: boolean): Outcome {
  if (!changed && (error.errorClass === 'blocked' || error.errorClass === 'busy')) return 'blocked';
  if (error.report.code === 'cancelled') return 'cancelled';
  return 'failed';
}

function blocked(context: RunContext, group: OpenGroup, before: StoodBefore, checks: CheckResult[]): RunEnd {
  const error = blockedError(checks);
  return { outcome: 'blocked', error, checks, next: [], threadLeft: false, ...describeGroup(context, group, before) };
}

async function perform(group: OpenGroup, context: RunContext): Promise<OperationOutcome> {
  const { operation } = context.request;
  // Its answer is what the operator decides by, so it leaves everything as it stands.
  if (operation === 'compare') return performers.compare(group, context);
  if (rehearsals.includes(operation)) return performers[operation](group, context);
  group.bringUpToDate();
  removeLeftovers(group, context);
  endOpenRepair(group, context);
  try {
    return await performers[operation](group, context);
  } catch (error) {
    if (group.state.phase === 'failing-over') markInterrupted(group, group.replicaSite);
    throw error;
  } finally {
    warnOfUntold(group, context);
  }
}

function warnOfUntold(group: OpenGroup, context: RunContext): void {
  if (group.untold === null) return;
  warnOf(
    context,
    'The other site could not be told of what was done here, and will be by the next command',
    group.untold,
  );
}

/** Takes the group's lock. Where somebody else holds it the checks say who, and nothing is performed. */
function lockIfFree(group: OpenGroup, what: string): void {
  try {
    group.lock(what);
  } catch (error) {
    if (asSitepairError(error).report.code !== 'busy') throw error;
  }
}

/** Throws `busy` for a run that found the group held, though the holder may be gone by now: what was read is old. */
function assertLocked(group: OpenGroup): void {
  if (group.locked) return;
  throw new SitepairError({
    code: 'busy',
    message: `Another run held ${group.name} when this one began, and has ended since; nothing was changed.`,
    where: group.name,
    remedy: `Look where the group stands now, then start this again: sitepair group show ${group.name}`,
  });
}

/** Checks, and where they hold performs. */
export async function execute(given: RunContext): Promise<RunEnd> {
  const group = OpenGroup.open(given.registration, given.machine, given.now);
  const base = { ...given, platform: answeringPlatform(group, given.platform) };
  const before = stoodBefore(group);
  let checks: CheckResult[] = [];
  try {
    base.reporter.step('Checking');
    const holds = !rehearsals.includes(given.request.operation);
    if (holds) lockIfFree(group, given.request.operation);
    if (group.locked) assertAsSeen(group.name, given.request, standingOf(group));
    const context = { ...base, request: asMeant(group, given.request) };
    const report = await runChecks(group, context);
    checks = report.checks;
    if (report.verdict === 'blocked') return blocked(context, group, before, checks);
    if (holds) assertLocked(group);
    // A cancel that came while a check waited for a device: short operations look for it nowhere else.
    LaneControl.above(context.steering.shared).checkpoint();
    const came = await withinSteps(group, context, given.request, checks, async () => {
      const outcome = await perform(group, context);
      if (leavesKnown.includes(context.request.operation)) {
        keepMarks(group, context, outcome.atPoint !== false);
        rememberIdentities(group, context.platform);
      }
      return outcome;
    });
    checks = came.checks;
    const { done, stopped, resumable } = came;
    if (done === null) return blocked(context, group, before, checks);
    return {
      ...done,
      ...undoOf(group, done.pointId),
      ...(done.error === undefined ? { result: done.result ?? cameTo(group, context.request) } : {}),
      ...(stopped === null
        ? {}
        : { error: stopped, next: [...done.next, ...(resumable ? [goOnWithSteps(group)] : [])] }),
      outcome:
        stopped === null ? (done.error === undefined ? 'succeeded' : 'failed') : outcomeOfSteps(stopped, resumable),
      checks,
      threadLeft: false,
      ...describeGroup(context, group, before, done.pointId),
    };
  } catch (thrown) {
    const error = asSitepairError(thrown);
    if (error.report.code === 'internal') base.reporter.trace(traceOf(thrown));
    const left = describeGroup(base, group, before);
    // A phase that an operation passes through: its hints say how to go on, and how to take it back.
    const stoppedInSteps = stoppedSequence(group) !== null;
    const around = stoppedInSteps ? [] : wayAround(group, error.report);
    const ways = [...waysOn(given.request.operation, left.group, stoppedInSteps), ...around];
    const next = stoppedInSteps || ways.length === 0 ? ways : [...ways, ...failoverNow(group)];
    const wayOn = next.length > 0 ? `${next.join('. ')}.` : 'Nothing is left open; start it again when it suits.';
    return {
      // Without the lock it was another run that changed it.
      outcome: outcomeOf(error, group.locked && hasChanged(base, group.definition, left.facts)),
      error: error.report.code === 'cancelled' ? { ...error.report, remedy: wayOn } : error.report,
      checks,
      next,
      threadLeft: group.locksKept,
      ...left,
    };
  } finally {
    group.unlock();
    group.close();
  }
}

function goOnWithSteps({ name }: OpenGroup): string {
  return `Go on with the steps that are left: sitepair resume ${name}`;
}

/** Steps that stopped after their operation: it is done, and what is left are they. */
function outcomeOfSteps({ code }: ErrorReport, resumable: boolean): Outcome {
  return code === 'cancelled' ? 'cancelled' : resumable ? 'interrupted' : 'failed';
}

/** What the undo journals of a new point take, where that can be told: nothing rests on it. */
function undoOf(group: OpenGroup, id: string | undefined): Pick<RunEnd, 'undoBytes'> {
  if (id === undefined) return {};
  try {
    for (const { store } of Object.values(group.sides)) {
      const undoBytes = store === null ? null : journalBytesOf(store, id);
      if (undoBytes !== null) return { undoBytes };
    }
  } catch {
    // A store that does not answer now was asked for more than this.
  }
  return {};
}

function traceOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
