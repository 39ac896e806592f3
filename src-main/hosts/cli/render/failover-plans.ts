/** Failover plans: the list, one plan, what it would meet, its groups at work, and what came of it. */
import {
  apartWords,
  isHeldUp,
  operationWords,
  type FailoverPlanView,
  type JoinedRun,
  type PlanOutcome,
  type PlanReview,
  type PlanTurn,
  type ReviewedGroup,
} from '../../../contract/failover-plans.ts';
import type { Progress } from '../../../contract/runs.ts';
import { consistencyWords, counted } from '../../../contract/wording.ts';
import { formatMoment } from '../times.ts';
import { attention, checkLines } from './checks.ts';
import { mark, section, type Level, type Page } from './page.ts';
import { waitingRows } from './progress.ts';
import { stepsAheadLines } from './plan-steps.ts';
import { table } from './table.ts';
import { byWallClock, hang, shorten } from './text.ts';

/** The lines of all plans. */
export function failoverPlanListLines(page: Page, plans: readonly FailoverPlanView[]): string[] {
  if (plans.length === 0) return ['No failover plans yet. Set one with: sitepair failover-plan set NAME FILE'];
  const columns = [
    { title: 'PLAN' },
    { title: 'GROUPS', align: 'right' },
    { title: 'PRIORITIES', wraps: true },
    { title: 'NEWEST RUN', wraps: true },
  ] as const;
  const rows = plans.map(({ name, plan, lastRun }) => [
    name,
    String(plan.priorities.reduce((sum, { groups }) => sum + groups.length, 0)),
    plan.priorities.map(({ priority, groups }) => `${priority}: ${groups.join(', ')}`).join('; '),
    lastRun === null ? 'none' : `${lastRun.operation}, ${outcomeOf(lastRun)}, ${beganAt(page, lastRun)}`,
  ]);
  return table(page, columns, rows, 0);
}

/** The lines of one plan, and of its newest run. */
export function failoverPlanLines(page: Page, { name, plan, set, unknown, lastRun }: FailoverPlanView): string[] {
  const rows = plan.priorities.map(({ priority, groups }) => [String(priority), groups.join(', ')]);
  const missing = unknown.map((group) => `${group} is no group that this machine knows`);
  return [
    `${page.paint.strong(name)}  set by ${set.operator}, ${formatMoment(set.at, page.now)}`,
    `  at most ${counted(plan.atOnce, 'group')} at once; when one is not brought through, ${
      plan.onFailure === 'stop' ? 'later priorities are held back' : 'the plan goes on with the others'
    }`,
    ...table(
      page,
      [
        { title: 'PRIORITY', align: 'right' },
        { title: 'GROUPS', wraps: true },
      ],
      rows,
    ),
    ...missing.flatMap((line) => hang(`  ${mark(page, 'warn', 'unknown')}  `, line, page)),
    ...(lastRun === null ? [] : ['', ...planRunLines(page, lastRun)]),
  ];
}

/** What each group would meet and lose now. */
export function planReviewLines(page: Page, review: PlanReview, resumes = false): string[] {
  const { plan, operation, groups, onFailure } = review;
  const apart = resumes ? null : apartWords(review.leadsTo);
  const held = groups.filter(isHeldUp);
  const begins = groups.filter(({ does }) => does !== 'nothing').length;
  const verdict =
    held.length > 0
      ? mark(page, 'bad', `${counted(held.length, 'group')} of ${groups.length} could not begin now.`)
      : review.verdict === 'warnings'
        ? mark(page, 'warn', 'All groups can begin now, with warnings.')
        : mark(page, 'good', begins === 0 ? 'Nothing is left to do.' : 'All groups can begin now.');
  const words = `${resumes ? `resume ${plan}` : `run ${plan} ${operationWords(review)}`} --confirm ${plan}`;
  const after =
    held.length === 0
      ? []
      : [
          onFailure === 'stop'
            ? 'Groups of later priorities would be held back.'
            : 'The plan would go on with the others.',
        ];
  return [
    `${page.paint.strong(`${operation} by the plan ${plan}`)}  ${verdict}`,
    ...(apart === null ? [] : hang('  ', mark(page, 'bad', apart), page)),
    ...after,
    ...table(
      page,
      glance,
      groups.map((one) => glanceRow(page, one)),
    ),
    ...groups.flatMap((one) => reviewedLines(page, one)),
    ...(begins === 0 || apart !== null ? [] : ['', `Carry it out with: sitepair failover-plan ${words}`]),
  ];
}

const glance = [
  { title: 'PRIORITY', align: 'right' },
  { title: 'GROUP' },
  { title: 'NOW' },
  { title: 'POINT', wraps: true },
] as const;

function glanceRow(page: Page, one: ReviewedGroup): string[] {
  const { priority, group, point } = one;
  const taken = point === null ? '-' : `${point.id}, ${formatMoment(point.at, page.now)}`;
  return [String(priority), group, standing(page, one), taken];
}

/** What becomes of a group, with how well it stands. */
function standing(page: Page, one: ReviewedGroup): string {
  if (isHeldUp(one)) return mark(page, 'bad', one.does === 'refuse' ? 'cannot be done' : 'blocked');
  const words = { begin: 'begins', resume: 'is gone on with', nothing: 'nothing to do', refuse: 'cannot be done' };
  return mark(page, one.report?.verdict === 'warnings' ? 'warn' : 'good', words[one.does]);
}

function reviewedLines(page: Page, one: ReviewedGroup): string[] {
  const { group, priority, says, point, report, error } = one;
  const open = attention(report?.checks ?? []);
  const taken =
    point === null
      ? []
      : [`Point ${point.id}, ${formatMoment(point.at, page.now)}, ${consistencyWords[point.consistency]}.`];
  return [
    '',
    `${page.paint.strong(`${priority}  ${group}`)}  ${standing(page, one)}`,
    ...[...new Set([says, ...taken, ...(report?.consequences ?? [])])].flatMap((line) => hang('  - ', line, page)),
    ...(error === undefined ? [] : hang('      To do: ', error.remedy, page)),
    ...stepsAheadLines(page, report?.steps).filter((line) => line !== ''),
    ...open.flatMap((check) =>
      checkLines(page, check).map((line) => line.replace(`--accept ${check.id}`, `--accept ${group}:${check.id}`)),
    ),
  ];
}

/** What became of one group, in one line. */
export function turnLine(page: Page, turn: PlanTurn): string {
  const { group, priority, state, says } = turn;
  const came = says === '' || state === 'running' ? '' : `: ${byWallClock(says, page.now)}`;
  return `${stateMark(page, turn, `${group} (priority ${priority}) ${states[state]}`)}${came}`;
}

/** A group whose turn has not ended is neither good nor bad. */
function stateMark(page: Page, { state }: PlanTurn, words = states[state]): string {
  if (state === 'running') return `▶ ${words}`;
  return state === 'waiting' ? `· ${words}` : mark(page, levels[state], words);
}

/** The groups at work, each in one line. */
export function groupsAtWorkLines(
  page: Page,
  run: JoinedRun,
  working: readonly { turn: PlanTurn; progress: Progress | null }[],
): string[] {
  const cut = (line: string): string => shorten(line, page.width - 1);
  const done = run.turns.filter(({ state }) => state === 'done').length;
  return [
    page.paint.strong(cut(`${run.operation} by the plan ${run.plan}: ${done} of ${run.turns.length} groups through`)),
    ...working.flatMap(({ turn, progress }) => {
      const waiting = progress === null ? [] : waitingRows(page, progress);
      if (waiting.length > 0) return [page.paint.warn(cut(`  ▲ ${turn.group} waits`)), ...waiting];
      const known = progress?.percent ?? null;
      const percent = known === null ? '' : ` ${Math.floor(known)} %`;
      return [cut(`  ▶ ${turn.group}${percent}  ${progress?.step ?? 'begins'}`)];
    }),
  ];
}

/** What came of a run of a plan, group by group. */
export function planRunLines(page: Page, run: JoinedRun): string[] {
  const columns = [
    { title: 'PRIORITY', align: 'right' },
    { title: 'GROUP' },
    { title: 'STATE' },
    { title: 'POINT', dispensable: true },
    { title: 'WHAT CAME OF IT', wraps: true },
  ] as const;
  const rows = run.turns.map((turn) => [
    String(turn.priority),
    turn.group,
    stateMark(page, turn),
    turn.pointId ?? '-',
    byWallClock(turn.says, page.now),
  ]);
  const stopped = run.turns.filter(({ state }) => state === 'stopped');
  const remedies = stopped.flatMap(({ group, error, runId }) => [
    ...(error === undefined ? [] : hang(`  ${group}: `, error.remedy, page)),
    ...(runId === null ? [] : [`    sitepair runs show ${runId}`]),
  ]);
  const goesOn = `Then go on with: sitepair failover-plan resume ${run.plan} --confirm ${run.plan}`;
  const again = run.outcome === null || run.outcome === 'succeeded' ? [] : [`  ${goesOn}`];
  const word =
    run.outcome === null ? page.paint.strong('goes on') : mark(page, outcomeLevels[run.outcome], outcomeOf(run));
  return [
    `${page.paint.strong(`${run.operation} by the plan ${run.plan}`)}  ${word}`,
    `  begun ${beganAt(page, run)} by ${run.attempts[0]?.operator ?? ''}${
      run.attempts.length > 1
        ? `, gone on with ${run.attempts.length - 1 === 1 ? 'once' : `${run.attempts.length - 1} times`}`
        : ''
    }`,
    ...(run.reason === undefined ? [] : hang('  reason: ', run.reason, page)),
    ...table(page, columns, rows),
    ...section(page, 'To do', [...remedies, ...again, ...(run.outcome === 'succeeded' ? nextLines(run) : [])]),
  ];
}

/** What comes after a plan that is through: what each group wants now, and the operation that follows. */
function nextLines({ plan, operation, turns }: JoinedRun): string[] {
  if (operation === 'reprotect') return [];
  const command = (next: string): string => `sitepair failover-plan run ${plan} ${next} --confirm ${plan}`;
  if (operation === 'commit') return [`  Once the site that was left is back: ${command('reprotect')}`];
  const shown = turns.flatMap(({ group, runId }) =>
    runId === null ? [] : [`  ${group}: what to mount and to start there: sitepair runs show ${runId}`],
  );
  return [
    ...shown,
    `  Accept all of it: ${command('commit')}`,
    '  Until then each group can be taken back (sitepair undo) or brought to another point (sitepair change-point).',
  ];
}

const states: Record<PlanTurn['state'], string> = {
  waiting: 'waits',
  running: 'is at work',
  done: 'through',
  stopped: 'stopped',
  'held-back': 'held back',
};
const levels: Record<Exclude<PlanTurn['state'], 'waiting' | 'running'>, Level> = {
  done: 'good',
  stopped: 'bad',
  'held-back': 'warn',
};
const outcomeLevels: Record<PlanOutcome, Level> = {
  succeeded: 'good',
  stopped: 'bad',
  cancelled: 'warn',
  interrupted: 'warn',
};

function outcomeOf({ outcome, turns }: JoinedRun): string {
  const through = `${turns.filter(({ state }) => state === 'done').length} of ${counted(turns.length, 'group')} through`;
  if (outcome === null) return `goes on, ${through}`;
  return outcome === 'succeeded' ? 'done, all groups through' : `${outcome}, ${through}`;
}

function beganAt(page: Page, { attempts }: JoinedRun): string {
  const [first] = attempts;
  return first === undefined ? '' : formatMoment(first.at, page.now);
}
