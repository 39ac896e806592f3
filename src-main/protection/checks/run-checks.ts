/** Running the checks of an operation, one after the other, and judging what they found by the table. */
import type { CheckId, CheckReport, CheckResult } from '../../contract/checks.ts';
import type { OperationRequest } from '../../contract/runs.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { joiningAt } from '../operations/joining.ts';
import { asMeant, onlySteps } from '../plan/going-on.ts';
import { openSequence, type Sequence } from '../plan/sequence.ts';
import { aheadOf } from '../plan/steps-around.ts';
import type { RunContext } from '../run-context.ts';
import type { Check, CheckInput, Finding } from './check.ts';
import { clockSkew } from './clock-skew.ts';
import { consequencesOf } from './consequences.ts';
import { noOtherRun } from './no-other-run.ts';
import { notTheSameVolume } from './not-the-same-volume.ts';
import { overwrittenData } from './overwritten-data.ts';
import { ownershipAgrees } from './ownership-agrees.ts';
import { pairsInPoint } from './pairs-in-point.ts';
import { phaseAllows } from './phase-allows.ts';
import { hasPlan, planReady, stepsOf } from './plan-ready.ts';
import { pointAge } from './point-age.ts';
import { privileges } from './privileges.ts';
import { productionStopped } from './production-stopped.ts';
import { replicaIntact } from './replica-intact.ts';
import { scopeOf } from './scope.ts';
import { sizesMatch } from './sizes-match.ts';
import { storesApart } from './stores-apart.ts';
import { storesWritable } from './stores-writable.ts';
import { rulesFor, type CheckRule } from './table.ts';
import { targetNotInUse } from './target-not-in-use.ts';
import { testCopiesUnused } from './test-copies-unused.ts';
import { testPlace } from './test-place.ts';
import { testPoint } from './test-point.ts';
import { undoSpace } from './undo-space.ts';
import { unprotectedVolumes } from './unprotected-volumes.ts';
import { volumesReachable } from './volumes-reachable.ts';
import { volumesRecognized } from './volumes-recognized.ts';
import { volumesWritable } from './volumes-writable.ts';

const checks: Record<CheckId, Check> = {
  'phase-allows': phaseAllows,
  'no-other-run': noOtherRun,
  'plan-ready': planReady,
  'volumes-reachable': volumesReachable,
  'volumes-writable': volumesWritable,
  'target-not-in-use': targetNotInUse,
  'production-stopped': productionStopped,
  'sizes-match': sizesMatch,
  'not-the-same-volume': notTheSameVolume,
  'overwritten-data': overwrittenData,
  'undo-space': undoSpace,
  'stores-writable': storesWritable,
  'stores-apart': storesApart,
  'ownership-agrees': ownershipAgrees,
  'replica-intact': replicaIntact,
  'volumes-recognized': volumesRecognized,
  'point-age': pointAge,
  'pairs-in-point': pairsInPoint,
  'unprotected-volumes': unprotectedVolumes,
  privileges,
  'clock-skew': clockSkew,
  'test-point': testPoint,
  'test-place': testPlace,
  'test-copies-unused': testCopiesUnused,
};

/** What a run that holds the group disturbs: its volumes are open, and the replica is between two points. */
const disturbed: readonly CheckId[] = ['volumes-writable', 'target-not-in-use', 'replica-intact', 'production-stopped'];

/** The steps of the plan around the operation; left out where there are none. */
function stepsAhead(input: CheckInput, goneOnWith: Sequence | null): Pick<CheckReport, 'steps'> {
  const { registration, request } = input.context;
  const done = (goneOnWith?.done ?? [])
    .filter(({ id }) => id !== 'stop-servers')
    .map(({ id, how, note }) => ({ id, is: how === 'done' ? ('done' as const) : ('left-out' as const), note }));
  const steps = stepsOf(input).map((step) => aheadOf(step, registration, [...done, ...(request.steps ?? [])]));
  return steps.length === 0 ? {} : { steps };
}

async function findingOf(check: Check, input: CheckInput): Promise<Finding> {
  try {
    return await check.look(input);
  } catch (error) {
    const { code, message, remedy } = asReport(error);
    // A run that is cancelled while a check reads has no finding to go on with.
    if (code === 'cancelled') throw error;
    return { status: 'unknown', found: message, remedy };
  }
}

/** Whether a check finds something else than what the operator read of it when it was accepted. */
function changedSinceRead({ id }: Check, { status, found, gist = found }: Finding, request: OperationRequest): boolean {
  const read = request.read?.find((one) => one.id === id);
  return read !== undefined && (read.status !== status || read.gist !== gist);
}

function judge(check: Check, rule: CheckRule, finding: Finding, request: OperationRequest): CheckResult {
  const weight = finding.status === 'fail' ? rule.fail : finding.status === 'unknown' ? rule.unknown : 'warn';
  const blocks = weight !== 'warn';
  const acceptable = weight === 'accept' && finding.acceptable !== false;
  const given = acceptable && request.accept?.includes(check.id) === true;
  const changed = given && changedSinceRead(check, finding, request);
  return {
    id: check.id,
    title: check.title,
    why: check.why,
    status: finding.status,
    found: changed ? `${finding.found} This has changed since you read it.` : finding.found,
    ...(finding.moves === undefined ? {} : { moves: finding.moves }),
    ...(finding.gist === undefined ? {} : { gist: finding.gist }),
    remedy: changed
      ? `Begin anew, and accept it once more if you still take it on you. ${finding.remedy}`
      : finding.remedy,
    blocks,
    acceptable,
    accepted: given && !changed,
  };
}

/** What counts where only the steps of a plan are gone on with. */
const ofSteps: readonly CheckId[] = ['no-other-run', 'phase-allows'];

/**
 * Looks at each of these checks in turn, and judges what it finds. `others`: what is looked at in the place of a check.
 * Changes nothing.
 */
export async function lookThrough(
  input: CheckInput,
  rules: readonly CheckRule[],
  others: Partial<Record<CheckId, Check>> = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const rule of rules) {
    if (rule.id === 'plan-ready' && !hasPlan(input)) continue;
    const check = others[rule.id] ?? checks[rule.id];
    const result = judge(check, rule, await findingOf(check, input), input.context.request);
    results.push(result);
    // What an operation that is not allowed now would touch is not worth looking at.
    if (rule.id === 'phase-allows' && result.status === 'fail') break;
    if (rule.id === 'no-other-run' && result.status === 'fail') break;
  }
  return results;
}

/** Runs all checks of the operation that the context asks for, or `only` one. Changes nothing. */
export async function runChecks(group: OpenGroup, given: RunContext, only?: CheckId): Promise<CheckReport> {
  const context = { ...given, request: asMeant(group, given.request) };
  const { operation } = context.request;
  const scope = scopeOf(group, context);
  const input: CheckInput = { group, context, scope, samples: new Map() };
  const joins = joiningAt(group.definition, group.replicaSite).length > 0;
  const stepsOnly = onlySteps(group, context);
  const rules = rulesFor(operation, group.state, joins).filter(
    ({ id }) =>
      (only === undefined || id === only) &&
      // No volume is touched by what only goes on with steps, or gives them up.
      (!stepsOnly || ofSteps.includes(id)) &&
      (context.makesWay === undefined || !disturbed.includes(id)),
  );
  const results = await lookThrough(input, rules);
  const blocked = results.some((result) => result.blocks && !result.accepted);
  const clean = results.every((result) => result.status === 'pass');
  return {
    operation,
    verdict: blocked ? 'blocked' : clean ? 'ready' : 'warnings',
    checks: results,
    consequences: consequencesOf(input, results),
    ...stepsAhead(input, given.request.operation === 'resume' ? openSequence(group) : null),
  };
}
