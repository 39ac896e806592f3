/** An operation within the steps of its plan: those before it, the operation, those after it. */
import type { CheckId, CheckResult } from '../../contract/checks.ts';
import type { ErrorReport } from '../../contract/errors.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { runChecks } from '../checks/run-checks.ts';
import { pointId } from '../../store/record.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import type { OperationOutcome } from '../operations/outcome.ts';
import { lastTestOf, testsOf } from '../rehearsal/group-tests.ts';
import type { RunContext } from '../run-context.ts';
import { onlySteps } from './going-on.ts';
import { PlanRun } from './plan-run.ts';

export interface CameOfSteps {
  /** Null where what the steps before it brought about keeps the operation from beginning: the checks say what. */
  done: OperationOutcome | null;
  /** What stopped the steps after it, which takes nothing of it back. */
  stopped: ErrorReport | null;
  /** Whether a resume goes on with them. */
  resumable: boolean;
  checks: CheckResult[];
}

/** What may stand otherwise after the steps before an operation than it did before them. */
const lookedAtAgain: readonly CheckId[] = ['production-stopped', 'target-not-in-use'];

/**
 * Performs the operation of `context` within its steps; `asked` is what the operator asked for. Throws what the steps
 * before it throw, and what `perform` does.
 */
export async function withinSteps(
  group: OpenGroup,
  context: RunContext,
  asked: OperationRequest,
  checks: CheckResult[],
  perform: () => Promise<OperationOutcome>,
): Promise<CameOfSteps> {
  const only = onlySteps(group, context);
  const steps = PlanRun.begin(group, context, asked);
  context.reporter.checked(checks);
  await steps.before();
  const looked = steps.hasStepsBefore ? await lookAgain(group, context, checks) : checks;
  const blocking = looked.find((check) => check.blocks && !check.accepted);
  if (blocking !== undefined) {
    steps.stop(`${blocking.title}: ${blocking.found}`);
    return { done: null, stopped: null, resumable: true, checks: looked };
  }
  if (steps.hasStepsBefore) context.reporter.checked(looked);
  steps.operationBegins();
  const done = only ? ofSteps(group, asked, null) : await perform();
  const came = { done, stopped: null, resumable: false, checks: looked };
  if (done.error !== undefined || asked.operation === 'rollback') return came;
  const copies = asked.operation === 'test-failover' ? (lastTestOf(testsOf(group))?.copies ?? []) : [];
  try {
    await steps.after({ copies, ...(done.pointId === undefined ? {} : { pointId: done.pointId }) });
    return came;
  } catch (error) {
    const stopped = asReport(error);
    return { ...came, done: only ? ofSteps(group, asked, stopped) : done, stopped, resumable: steps.resumable };
  }
}

/**
 * What a run that is about steps only came to; `stopped`: what kept it from its end. Where they are those after a
 * change of sides, it tells the point that this brought production to: of a run that was killed nothing else does.
 */
function ofSteps(
  { state, ownership }: OpenGroup,
  { operation }: OperationRequest,
  stopped: ErrorReport | null,
): OperationOutcome {
  const gaveUp = operation === 'rollback';
  const left = stopped === null ? 'The steps that were left are done.' : 'Steps are still left.';
  const result = `${gaveUp ? 'What had stopped is given up.' : left} The volumes were not touched.`;
  const point = state.phase === 'failed-over' ? (ownership.governing?.lineage.at(-1)?.point ?? null) : null;
  return { result, next: [], ...(point === null ? {} : { pointId: pointId(point) }) };
}

async function lookAgain(group: OpenGroup, given: RunContext, checks: CheckResult[]): Promise<CheckResult[]> {
  const context = { ...given, stepsDone: true };
  const again: CheckResult[] = [];
  for (const check of checks) {
    const fresh = lookedAtAgain.includes(check.id) ? (await runChecks(group, context, check.id)).checks : [];
    again.push(fresh[0] ?? check);
  }
  return again;
}
