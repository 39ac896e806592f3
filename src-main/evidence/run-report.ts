/** The report of one run: what, who, when, why, on what evidence, how long it took and what was lost. */
import type { CheckResult } from '../contract/checks.ts';
import { formatBytes, formatSeconds } from '../contract/figures.ts';
import { heldAgainst } from '../contract/forecast.ts';
import { describeActual, verdictWords } from '../contract/forecast-words.ts';
import type { Unread } from '../contract/groups.ts';
import type { AuditEntry, AuditVerdict } from '../contract/machine.ts';
import type { Operation } from '../contract/phases.ts';
import type { RunFacts } from '../contract/run-facts.ts';
import type { Run } from '../contract/runs.ts';
import { schedulerName, whoBegan } from '../contract/schedule.ts';
import { describeUnread, testedWords, tookWords, unreadLines } from '../contract/wording.ts';
import { comparisonPart } from './comparison-part.ts';
import { footOf, type Made } from './made.ts';
import { facts, html, list, moment, nothing, page, section, table, verbatim, type Markup } from './markup.ts';
import { momentOf } from './moments.ts';
import { stepOutput } from './step-output.ts';
import { confirmedOf, pointOf, recoveryOf, type Recovery } from './recovery.ts';

export interface RunEvidence {
  run: Run;
  /** The attempts that it went on from, oldest first. */
  led: readonly Run[];
  /** What the audit log says of it and of them, oldest first, and whether the log is intact. */
  audit: readonly AuditEntry[];
  verdict: AuditVerdict;
  made: Made;
}

/** What takes production from one side to the other. */
const moves: readonly Operation[] = ['failover', 'planned-failover', 'failback'];

/** As one HTML page. */
export function runReport({ run, led, audit, verdict, made }: RunEvidence): string {
  const report = run.report;
  const sections = [
    summary(run, led),
    section('What led here', runTable(led)),
    // What was known to whoever decided, before the first attempt that kept it: one that was killed keeps nothing.
    section(firstChecks(led), checkTable(led.find(checked)?.report?.checks ?? [])),
    section('What was checked', checkTable(report?.checks ?? [])),
    section('Steps', stepTable(run)),
    section('Steps of the recovery plan', planTable([...led, run])),
    section('Figures', figures(run)),
    section('Forecast and actual', forecastTable(run)),
    section('Comparison of both sides', comparisonPart(report?.comparison)),
    section('Point', pointFacts(report?.facts, pointOf(run, led))),
    section('Volumes', volumeTable(report?.facts)),
    section('Ranges that differ', rangeTable(run)),
    section('Warnings', list(report?.warnings ?? [])),
    section('What was to be done next', list(report?.next ?? [])),
    section('Audit log', auditPart(audit, verdict)),
  ];
  return page(`${named(run, led)}: ${run.outcome ?? 'still running'}`, html`${sections}`, footOf(made));
}

function checked({ report }: Run): boolean {
  return report?.checks !== undefined && report.checks.length > 0;
}

function firstChecks([first]: readonly Run[]): string {
  const when = first !== undefined && !checked(first) ? 'first gone on with' : 'confirmed';
  return `What was checked as it was ${when}`;
}

/** What was confirmed; that it was gone on with is said beside it. */
function named(run: Run, led: readonly Run[]): string {
  const words = (led[0] ?? run).operation.replace('-', ' ');
  const resumed = led.length === 0 ? '' : ', resumed';
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} of ${run.groupName}${resumed}`;
}

function summary(run: Run, led: readonly Run[]): Markup {
  const { report, error } = run;
  const known = report?.facts;
  const before = beforeWords(run, led);
  const recovery = recoveryOf(run, led);
  const accepted = [...new Set([...led, run].flatMap((one) => one.accepted))];
  const tested = testedWords(run);
  // Where steps stopped after the operation there is both.
  const lead = [report?.result, error?.message, error?.remedy].filter(Boolean).join(' ');
  return html`${lead === '' ? nothing : html`<p class="lead">${lead}</p>`}
  ${facts([
    ['Outcome', run.outcome ?? 'still running'],
    begunWords(run, led),
    ['Reason', reasonsOf([...led, run])],
    run.partOf === undefined ? null : ['Begun by', `the failover plan ${run.partOf.plan} (${run.partOf.id})`],
    known === undefined ? null : ['Carried out by', known.machine],
    before === null ? null : ['Production before', before],
    known === undefined ? null : ['Production after', whereIs(known, known.after)],
    ['Took', tookWords(run)],
    tested === null ? null : ['What was found in it', tested],
    recovery === null
      ? null
      : [
          'Recovery time',
          `${formatSeconds(recovery.seconds)}, from the confirmation ${endOf(recovery)} (${momentOf(recovery.endedAt)})`,
        ],
    recovery === null ? null : ['Data loss', recovery.loss],
    accepted.length === 0 ? null : ['Accepted', accepted.join(', ')],
    ['Run', verbatim(run.id)],
  ])}`;
}

/** Who asked for it; what the clock begins nobody confirms. `led`: the attempts that it went on from. */
function begunWords(run: Run, led: readonly Run[]): [string, string] {
  const { operator } = led[0] ?? run;
  const at = momentOf(confirmedOf(run, led));
  const on = run.operator !== operator ? `; gone on with by ${whoBegan(run.operator)}` : '';
  return [operator === schedulerName ? 'Begun' : 'Confirmed', `${at} by ${whoBegan(operator)}${on}`];
}

/** Where production was as it was confirmed; null where that is not known. */
function beforeWords(run: Run, led: readonly Run[]): string | null {
  const first = led[0] ?? run;
  const known = [...led, run].find((one) => one.report?.facts !== undefined)?.report?.facts;
  if (known === undefined) return null;
  const { sites, before, after } = known;
  // An attempt that was killed keeps nothing, and may have moved it: then it came from the other side.
  const from = after.activeSite === 'primary' ? 'recovery' : 'primary';
  const killed = first.report?.facts === undefined && moves.includes(first.operation) && after.activeSite !== null;
  return killed && before.activeSite !== from ? `at ${sites[from]}` : whereIs(known, before);
}

function whereIs({ sites }: RunFacts, { phase, activeSite }: RunFacts['before']): string {
  return `${activeSite === null ? 'at neither site' : `at ${sites[activeSite]}`} (${phase})`;
}

function endOf({ complete }: Recovery): string {
  return complete
    ? 'to the end of the last step'
    : 'until it stopped: production was moved, and steps after that are left';
}

/** What was said of each attempt, in their order; with its operation where they differ. */
function reasonsOf(attempts: readonly Run[]): string {
  const said = attempts.flatMap(({ operation, reason }) => (reason === undefined ? [] : [{ operation, reason }]));
  const [first, ...others] = said;
  if (first === undefined) return 'none was given';
  if (others.every(({ reason }) => reason === first.reason)) return first.reason;
  return said.map(({ operation, reason }) => `${operation}: ${reason}`).join('; ');
}

/** Runs, one a row. */
export function runTable(runs: readonly Run[]): Markup {
  const rows = runs.map((run) => [
    moment(run.startedAt),
    run.operation,
    run.outcome ?? 'running',
    formatSeconds(run.seconds),
    run.reason === undefined ? run.operator : `${run.operator}: ${run.reason}`,
    run.error?.message ?? '',
  ]);
  return table(['Started', 'Operation', 'Outcome', 'Took', 'Who, and why', 'Why it ended'], rows);
}

function checkTable(checks: readonly CheckResult[]): Markup {
  const rows = checks.map((check) => [
    check.accepted ? `${check.status}, accepted` : check.status,
    html`${check.title} <span class="mono">${check.id}</span>`,
    check.found,
    check.status === 'pass' ? check.why : html`${check.why} ${check.remedy}`,
  ]);
  return table(['Status', 'Check', 'Found', 'Why it matters, and what to do'], rows);
}

function stepTable({ steps }: Run): Markup {
  const rows = steps.map(({ startedAt, title, detail, seconds }) => [
    moment(startedAt),
    title,
    detail,
    seconds === null ? '' : formatSeconds(seconds),
  ]);
  return table(['Began', 'Step', 'What it said', 'Took'], rows);
}

/** What became of the steps of the plan in each attempt, who said what of them, and what they printed. */
function planTable(attempts: readonly Run[]): Markup {
  const taken = attempts.flatMap(({ id: runId, steps }) =>
    steps.flatMap(({ title, plan }) => (plan === undefined ? [] : [{ runId, title, plan }])),
  );
  const rows = taken.map(({ title, plan }) => {
    const { id, kind, state, attempts, operator, note = '' } = plan;
    const person = operator === undefined ? '' : `${operator}${note === '' ? '' : `: ${note}`}`;
    const what = html`${title} <span class="mono">${id}</span>`;
    return [what, kind, `${state}${attempts > 1 ? `, begun ${attempts} times` : ''}`, person];
  });
  const printed = taken.map(({ runId, plan }) => stepOutput(plan.output, runId));
  return table(['Step and what it printed', 'Kind', 'Came to', 'Who, and what they said'], rows, printed);
}

function figures(run: Run): Markup {
  return facts([
    ['Compared', formatBytes(run.bytesCompared)],
    ['Skipped as holes', formatBytes(run.bytesSkipped)],
    ['Differing', formatBytes(run.bytesDiffering)],
    ['Written', formatBytes(run.bytesWritten)],
  ]);
}

const forecastNames = { copy: 'Written', undo: 'Undo journal', seconds: 'Took' };

/** What was forecast before the operator confirmed, beside what it came to. */
function forecastTable(run: Run): Markup {
  const rows = heldAgainst(run).map((figure) => {
    const { name, forecast, actual, held, below } = figure;
    const { low, high } = forecast;
    const said = name === 'seconds' ? formatSeconds : formatBytes;
    return [
      forecastNames[name],
      low === high ? said(low) : `${said(low)} to ${said(high)}`,
      actual === null || name === 'seconds' ? describeActual(figure) : said(actual),
      actual === null ? '' : held ? 'within' : below ? verdictWords(figure) : 'outside',
    ];
  });
  return table(['Figure', 'Forecast', 'Actual', 'Held'], rows);
}

/** All ranges that are known by name: which files they belong to is found out with them. */
function lackingOf(unread: Unread): string {
  return `${describeUnread(unread)}: ${unreadLines(unread).join('; ')}. There it holds what the replica held before.`;
}

function pointFacts(known: RunFacts | undefined, point: RunFacts['point']): Markup {
  if (known === undefined || point === undefined) return nothing;
  return html`${facts([
    ['Point', `${point.id}, of ${momentOf(point.at)}`],
    ['Kind', `${point.kind}, consistency ${point.consistency}`],
    ...(point.unread === undefined ? [] : [['Incomplete', lackingOf(point.unread)] as const]),
    ['Kept at', known.sites[point.site]],
  ])}
  ${table(
    ['Pair', 'Digest of its content (BLAKE3 over the digests of its chunks)'],
    point.digests.map(({ pairId, digest }) => [pairId, verbatim(digest)]),
  )}`;
}

function volumeTable(known: RunFacts | undefined): Markup {
  if (known === undefined) return nothing;
  const rows = known.pairs.map(({ id, primaryPath, recoveryPath, sizeBytes }) => [
    id,
    verbatim(primaryPath),
    verbatim(recoveryPath),
    `${formatBytes(sizeBytes)} (${sizeBytes} bytes)`,
  ]);
  return table(['Pair', known.sites.primary, known.sites.recovery, 'Size'], rows);
}

function rangeTable({ report }: Run): Markup {
  const { mismatches = [], mismatchesInAll = 0 } = report ?? {};
  const rows = mismatches.map(({ pairId, offset, length, unverifiable, unreadable }) => [
    pairId,
    `${offset}`,
    `${length}`,
    unverifiable === true ? 'no digest is known' : unreadable === true ? 'could not be read' : 'differs',
  ]);
  const left = mismatchesInAll - mismatches.length;
  const more = left > 0 ? html`<p>And ${left} more, which are not kept.</p>` : nothing;
  return html`${table(['Pair', 'Offset, bytes', 'Length, bytes', 'What'], rows)}${more}`;
}

/** What the audit log says, and whether it is intact. */
export function auditPart(audit: readonly AuditEntry[], verdict: AuditVerdict): Markup {
  const rows = audit.map(({ sequence, at, operator, action, detail, hash }) => [
    `${sequence}`,
    moment(at),
    operator,
    action,
    verbatim(detail),
    verbatim(hash),
  ]);
  const state = verdict.intact ? 'intact' : 'broken';
  return html`<p>The log's chain is ${state}, with ${verdict.entries} entries. ${verdict.detail}</p>
    ${table(['Entry', 'At', 'Operator', 'Action', 'Details', 'Hash'], rows)}`;
}
