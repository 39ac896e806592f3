/** Runs: the list, one run, and the result of an operation that just ended. */
import type { Mismatch, OperationResult, Outcome, Run } from '../../../contract/runs.ts';
import { formatBytes, formatSeconds } from '../../../contract/figures.ts';
import { whoBegan } from '../../../contract/schedule.ts';
import { endWords, outcomeWords, skippedWords, testedWords, tookWords } from '../../../contract/wording.ts';
import { formatClock, formatMoment } from '../times.ts';
import { attention, checkLines } from './checks.ts';
import { comparisonLines } from './comparison.ts';
import { errorLines } from './error.ts';
import { mark, section, type Level, type Page } from './page.ts';
import { heldLines } from './forecast.ts';
import { planStepLines } from './plan-steps.ts';
import { table } from './table.ts';
import { byWallClock, hang, pad } from './text.ts';

const levels: Readonly<Record<Outcome, Level>> = {
  succeeded: 'good',
  failed: 'bad',
  blocked: 'bad',
  cancelled: 'warn',
  interrupted: 'warn',
};

/** The lines of `runs`, in the order given. */
export function runListLines(page: Page, runs: readonly Run[]): string[] {
  if (runs.length === 0) return ['No runs yet.'];
  const columns = [
    { title: 'RUN' },
    { title: 'STARTED', wraps: true },
    { title: 'GROUP' },
    { title: 'OPERATION' },
    { title: 'OUTCOME' },
    { title: 'TOOK', align: 'right' },
    { title: 'DIFFERING', align: 'right', dispensable: true },
    { title: 'WRITTEN', align: 'right', dispensable: true },
    { title: 'POINT' },
    { title: 'OPERATOR', dispensable: true },
  ] as const;
  const rows = runs.map((run) => [
    run.id,
    formatMoment(run.startedAt, page.now),
    run.groupName,
    run.operation,
    outcome(page, run),
    formatSeconds(run.seconds),
    formatBytes(run.bytesDiffering),
    formatBytes(run.bytesWritten),
    run.pointId ?? '-',
    run.operator,
  ]);
  return table(page, columns, rows, 0);
}

/** How a run ended, in one line. */
export function runLine(page: Page, run: Run): string {
  const point = run.pointId === undefined ? '' : `, point ${run.pointId}`;
  const error = run.error === undefined ? '' : `: ${byWallClock(run.error.message, page.now)}`;
  const end = run.outcome === null ? 'running' : endWords[run.outcome];
  return `${formatMoment(run.startedAt, page.now)}  ${run.groupName}  ${run.operation} ${end} after ${formatSeconds(run.seconds)}${point}, ${formatBytes(run.bytesWritten)} written${error}`;
}

/** The lines of `runs show`. */
export function runLines(page: Page, run: Run): string[] {
  const columns = [
    { title: 'STARTED' },
    { title: 'TOOK', align: 'right' },
    { title: 'STEP' },
    { title: 'DETAIL', wraps: true },
  ] as const;
  const rows = run.steps.map((step) => [
    formatClock(step.startedAt, page.now),
    step.seconds === null ? '-' : formatSeconds(step.seconds),
    step.title,
    byWallClock(step.detail, page.now),
  ]);
  const tested = testedWords(run);
  const accepted = run.accepted.length === 0 ? [] : [fact(page, 'Accepted', run.accepted.join(', '))];
  return [
    `${page.paint.strong(`${run.operation} of ${run.groupName}`)}  ${outcome(page, run)}`,
    fact(page, 'Run', run.id),
    fact(page, 'Started', `${formatMoment(run.startedAt, page.now)}, by ${whoBegan(run.operator)}`),
    ...(run.partOf === undefined ? [] : [fact(page, 'Part of', `the failover plan ${run.partOf.plan}`)]),
    ...(run.reason === undefined ? [] : hang(fact(page, 'Reason', ''), run.reason, page)),
    ...(tested === null ? [] : hang(fact(page, 'Found', ''), byWallClock(tested, page.now), page)),
    ...figureLines(page, run),
    ...heldLines(page, run),
    ...accepted,
    ...section(page, 'Steps', rows.length === 0 ? [] : table(page, columns, rows)),
    ...planStepLines(page, run),
    ...section(page, 'Error', run.error === undefined ? [] : errorLines(page, run.error)),
    ...leftLines(page, run.report),
  ];
}

/** What a run left to be known, as it was kept. */
function leftLines(page: Page, report: Run['report']): string[] {
  if (report === undefined) return [];
  const { mismatches, mismatchesInAll, warnings, next, checks = [] } = report;
  const left = mismatchesInAll - mismatches.length;
  const more = left === 0 ? [] : [`  and ${left} more ranges that are not kept`];
  return [
    ...rangeLines(page, mismatches),
    ...more,
    ...comparisonLines(page, report.comparison),
    ...warningLines(page, warnings),
    ...section(
      page,
      'Checks that needed attention',
      attention(checks).flatMap((check) => checkLines(page, check)),
    ),
    ...nextLines(page, 'What was to be done next', next),
  ];
}

function rangeLines(page: Page, mismatches: readonly Mismatch[]): string[] {
  const rows = (what: 'differs' | 'unverifiable' | 'unreadable'): string[][] =>
    mismatches
      .filter((one) => (one.unverifiable ? 'unverifiable' : one.unreadable ? 'unreadable' : 'differs') === what)
      .map(({ pairId, offset, length }) => [pairId, String(offset), String(length), formatBytes(length)]);
  const [differing, unreadable, unknown] = [rows('differs'), rows('unreadable'), rows('unverifiable')];
  const columns = [
    { title: 'PAIR' },
    { title: 'OFFSET', align: 'right' },
    { title: 'LENGTH', align: 'right' },
    { title: '' },
  ] as const;
  return [
    ...section(page, 'Differs (bytes)', differing.length === 0 ? [] : table(page, columns, differing)),
    ...section(page, 'Could not be read (bytes)', unreadable.length === 0 ? [] : table(page, columns, unreadable)),
    ...section(page, 'Not verifiable (bytes)', unknown.length === 0 ? [] : table(page, columns, unknown)),
  ];
}

function warningLines(page: Page, warnings: readonly string[]): string[] {
  return section(
    page,
    'Warnings',
    warnings.flatMap((one) => hang(`  ${page.paint.warn('▲')} `, one, page)),
  );
}

function nextLines(page: Page, title: string, next: readonly string[]): string[] {
  return section(
    page,
    title,
    next.flatMap((one) => hang('  - ', one, page)),
  );
}

/**
 * The lines of an operation that ended, but for its error: outcome, figures, what differs, warnings, checks that did
 * not pass, and what to do now.
 */
export function resultLines(page: Page, result: OperationResult): string[] {
  const { run } = result;
  return [
    ...hang('', headline(page, result), page),
    ...(run.outcome === 'blocked' ? [] : [...figureLines(page, run), ...heldLines(page, run)]),
    fact(page, 'Run', run.id),
    ...rangeLines(page, result.mismatches ?? []),
    ...comparisonLines(page, result.comparison),
    ...warningLines(page, result.warnings),
    ...section(
      page,
      'Checks that need attention',
      attention(result.checks).flatMap((check) => checkLines(page, check)),
    ),
    ...nextLines(page, 'What to do now', result.next),
  ];
}

function headline(page: Page, result: OperationResult): string {
  const { run } = result;
  const what = `${run.operation} of ${run.groupName}`;
  const count = result.mismatches?.length ?? 0;
  const ranges = count === 1 ? '1 range that differs' : `${count} ranges that differ`;
  if (run.outcome === 'succeeded' && count > 0) {
    return mark(page, 'bad', `${what} found ${ranges}, in ${formatSeconds(run.seconds)}.`);
  }
  switch (run.outcome) {
    case null:
      return mark(page, 'unknown', `${what} is still running.`);
    case 'succeeded':
      return mark(page, 'good', `${what} succeeded in ${formatSeconds(run.seconds)}.`);
    case 'blocked':
      return mark(page, 'bad', `${what} is blocked; nothing was changed.`);
    case 'failed':
      return mark(page, 'bad', `${what} failed after ${formatSeconds(run.seconds)}.`);
    case 'cancelled':
    case 'interrupted':
      return mark(page, 'warn', `${what} ${outcomeWords[run.outcome]} after ${formatSeconds(run.seconds)}.`);
  }
}

function figureLines(page: Page, run: Run): string[] {
  const result = run.report?.result;
  return [
    ...(result === undefined ? [] : hang(fact(page, 'Result', ''), result, page)),
    fact(
      page,
      'Compared',
      `${formatBytes(run.bytesCompared)}, ${formatBytes(run.bytesSkipped)} ${skippedWords(run.operation)}`,
    ),
    fact(page, 'Differing', formatBytes(run.bytesDiffering)),
    fact(page, 'Written', formatBytes(run.bytesWritten)),
    fact(page, 'Took', tookWords(run)),
    ...(run.pointId === undefined ? [] : [fact(page, 'Point', run.pointId)]),
  ];
}

function outcome(page: Page, run: Run): string {
  return run.outcome === null ? 'running' : mark(page, levels[run.outcome], endWords[run.outcome]);
}

function fact(page: Page, title: string, text: string): string {
  return `  ${page.paint.faint(pad(title, 11, 'left'))}${text}`;
}
