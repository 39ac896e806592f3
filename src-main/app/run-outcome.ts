/** What is written into a run's record when it ends. */
import type { ErrorReport } from '../contract/errors.ts';
import type { OperationResult, Run, RunFigures } from '../contract/runs.ts';
import type { RunEnd } from '../protection/execute.ts';

/** Ends the step at hand, where there is one. */
export function closeStep(run: Run): void {
  const step = run.steps.at(-1);
  if (step?.seconds === null) step.seconds = (Date.now() - Date.parse(step.startedAt)) / 1000;
}

/** Ranges that are kept with a run: enough to see where it went wrong. All are in what the run gives when it ends. */
const rangesKept = 100;

/** What is to be done after a run: what it says itself or, where it did not come to its end, to look. */
function nextOf(run: Run, end: RunEnd | null): string[] {
  return end?.next ?? [`See where the group stands with: sitepair group show ${run.groupName}`];
}

interface Ended {
  /** Null where the run did not come to one; `error` is why. */
  end: RunEnd | null;
  error: ErrorReport | null;
  figures: RunFigures;
  warnings: readonly string[];
}

/** Writes into a run's record how it ended. */
export function endRun(run: Run, { end, error, figures, warnings }: Ended): void {
  closeStep(run);
  const wasCancelled = error?.code === 'cancelled' || error?.code === 'volume-stalled';
  run.outcome = end?.outcome ?? (wasCancelled ? 'cancelled' : 'failed');
  run.seconds = (Date.now() - Date.parse(run.startedAt)) / 1000;
  Object.assign(run, figures);
  if (end?.pointId !== undefined) run.pointId = end.pointId;
  if (end?.undoBytes !== undefined) run.undoBytes = end.undoBytes;
  // What was given with --accept and had nothing to pass, or may not pass it, was not accepted.
  const checks = end?.checks ?? run.report?.checks ?? [];
  run.accepted = checks.filter((check) => check.accepted).map((check) => check.id);
  const told = end === null ? error : end.error;
  if (told) run.error = told;
  else delete run.error;
  const mismatches = end?.mismatches ?? [];
  run.report = {
    ...(end?.result === undefined ? {} : { result: end.result }),
    next: nextOf(run, end),
    warnings: [...warnings],
    mismatches: mismatches.slice(0, rangesKept),
    mismatchesInAll: mismatches.length,
    checks,
    ...(end === null ? {} : { facts: end.facts }),
    ...(end?.comparison === undefined ? {} : { comparison: end.comparison }),
  };
}

/** What is given of a run that has ended. */
export function resultOf(run: Run, end: RunEnd | null, warnings: string[]): OperationResult {
  return {
    run,
    group: end?.group ?? null,
    checks: end?.checks ?? [],
    ...(end?.mismatches === undefined ? {} : { mismatches: end.mismatches }),
    ...(end?.comparison === undefined ? {} : { comparison: end.comparison }),
    next: nextOf(run, end),
    warnings,
  };
}

/** A run that ended as cancelled was cut off, and nobody wanted that: says so in its record. */
export function interruptRun(run: Run): void {
  if (run.outcome !== 'cancelled') return;
  run.outcome = 'interrupted';
  run.error = {
    ...run.error,
    code: 'interrupted',
    message: `Sitepair was closed in the middle of ${run.operation} of ${run.groupName}.`,
    remedy: run.error?.remedy ?? `See where the group stands with: sitepair group show ${run.groupName}`,
  };
}
