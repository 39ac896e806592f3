/** The report of one run of a failover plan: what, who, when, why, what came of each group, how long, what was lost. */
import { operationWords, type JoinedRun, type PlanTurn } from '../contract/failover-plans.ts';
import { formatSeconds } from '../contract/figures.ts';
import type { AuditEntry, AuditVerdict } from '../contract/machine.ts';
import type { Run } from '../contract/runs.ts';
import { footOf, type Made } from './made.ts';
import { facts, html, list, moment, page, section, table, verbatim, type Markup } from './markup.ts';
import { momentOf } from './moments.ts';
import { recoveryOf, type Recovery } from './recovery.ts';
import { auditPart, runTable } from './run-report.ts';
import type { Attempt } from './side-changes.ts';

export interface PlanEvidence {
  run: JoinedRun;
  /** In the order of the plan; the runs that it gave each group, oldest first. */
  groups: readonly { turn: PlanTurn; runs: readonly Attempt[] }[];
  /** What the audit log says of the plan's run and of those, oldest first, and whether the log is intact. */
  audit: readonly AuditEntry[];
  verdict: AuditVerdict;
  made: Made;
}

/** As one HTML page. */
export function planReport(evidence: PlanEvidence): string {
  const { run, groups, audit, verdict, made } = evidence;
  const runs = groups.flatMap((group) => group.runs.map((one) => one.run));
  const warnings = runs.flatMap(({ groupName, report }) =>
    (report?.warnings ?? []).map((words) => `${groupName}: ${words}`),
  );
  const sections = [
    summary(evidence),
    section('Groups', groupTable(evidence)),
    section('What was accepted', acceptedTable(runs)),
    section('Attempts', attemptTable(run)),
    ...groups.map(({ turn, runs: own }) => section(`Runs of ${turn.group}`, runTable(own.map((one) => one.run)))),
    section('Warnings', list(warnings)),
    section('Audit log', auditPart(audit, verdict)),
  ];
  return page(`${named(run)}: ${run.outcome ?? 'still running'}`, html`${sections}`, footOf(made));
}

function named({ operation, plan }: JoinedRun): string {
  const words = operation.replace('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} by the plan ${plan}`;
}

function summary({ run, groups }: PlanEvidence): Markup {
  const { plan, attempts, endedAt, outcome, turns, reason, onFailure, atOnce } = run;
  const [first] = attempts;
  const through = turns.filter(({ state }) => state === 'done').length;
  const known = groups.flatMap((group) => recoveryIn(group.runs) ?? []);
  const last = known
    .map((one) => one.endedAt)
    .toSorted()
    .at(-1);
  const lost = known.map(({ lossSeconds }) => lossSeconds);
  return html`<p class="lead">${through} of ${turns.length} groups through.</p>
    ${facts([
      ['Outcome', outcome ?? 'still running'],
      ['Carried out', operationWords(run)],
      ['Confirmed', first === undefined ? '' : `${momentOf(first.at)} by ${first.operator}`],
      ['Reason', reason ?? 'none was given'],
      endedAt === null ? null : ['Ended', momentOf(endedAt)],
      endedAt === null ? null : ['Took', `${since(run, endedAt)}, from the confirmation`],
      last === undefined
        ? null
        : [
            'Recovery time',
            `${since(run, last)}, from the confirmation until production of the last of ${known.length} groups had been moved (${momentOf(last)})`,
          ],
      lost.length === 0 ? null : ['Data loss', lossOf(lost)],
      ['Where a group is not brought through', onFailure === 'stop' ? 'later priorities are held back' : 'it goes on'],
      ['At once', `${atOnce} at most`],
      ['Plan', plan],
      ['Run of the plan', verbatim(run.id)],
    ])}`;
}

function lossOf(lost: readonly (number | null)[]): string {
  const seconds = lost.flatMap((one) => one ?? []);
  const unknown = lost.length - seconds.length;
  const most = seconds.length === 0 ? '' : `At most ${formatSeconds(Math.max(...seconds))} in one group.`;
  return `${most}${unknown === 0 ? '' : ` Of ${unknown} it is not known.`}`.trim();
}

/** From the first confirmation of the plan until a moment. */
function since({ attempts: [first] }: JoinedRun, until: string): string {
  return formatSeconds(Math.max(0, Date.parse(until) - Date.parse(first?.at ?? until)) / 1000);
}

/** Of the newest of a group's runs that moved production; null where none did. */
function recoveryIn(runs: readonly Attempt[]): Recovery | null {
  return runs.map(({ run, led }) => recoveryOf(run, led)).findLast((one) => one !== null) ?? null;
}

const states: Record<PlanTurn['state'], string> = {
  waiting: 'waits',
  running: 'at work',
  done: 'through',
  stopped: 'stopped',
  'held-back': 'held back',
};

function groupTable({ run, groups }: PlanEvidence): Markup {
  const rows = groups.map(({ turn, runs }) => {
    const recovery = recoveryIn(runs);
    return [
      `${turn.priority}`,
      turn.group,
      states[turn.state],
      turn.says,
      recovery === null ? '' : `${since(run, recovery.endedAt)} after the confirmation`,
      recovery === null ? '' : recovery.loss,
      turn.pointId ?? '',
    ];
  });
  return table(['Priority', 'Group', 'State', 'What came of it', 'Production moved', 'Lost', 'Point'], rows);
}

function acceptedTable(runs: readonly Run[]): Markup {
  const rows = runs.flatMap(({ groupName, operator, operation, startedAt, report }) =>
    (report?.checks ?? [])
      .filter(({ accepted }) => accepted)
      .map(({ id, title, found }) => [
        groupName,
        html`${title} <span class="mono">${id}</span>`,
        found,
        html`${operator}, ${operation} of ${moment(startedAt)}`,
      ]),
  );
  return table(['Group', 'Check', 'Found', 'Accepted by'], rows);
}

function attemptTable({ attempts }: JoinedRun): Markup {
  const rows = attempts.map(({ at, operator }, n) => [moment(at), n === 0 ? 'begun' : 'gone on with', operator]);
  return table(['At', 'What', 'Operator'], rows);
}
