/** The history of a group's changes of sides, rehearsed or real: how long each took, what it lost, who decided it. */
import { formatSeconds } from '../contract/figures.ts';
import type { Operation } from '../contract/phases.ts';
import type { Run } from '../contract/runs.ts';
import { testedWords } from '../contract/wording.ts';
import { footOf, type Made } from './made.ts';
import { html, list, moment, page, section, table } from './markup.ts';
import { recoveryOf, type Recovery } from './recovery.ts';

/** The operations that are told. */
export const toldInHistory: readonly Operation[] = [
  'test-failover',
  'failover',
  'planned-failover',
  'failback',
  'change-point',
  'undo',
  'commit',
  'reprotect',
  'resume',
];

export interface Attempt {
  run: Run;
  /** The attempts that it went on from, oldest first. */
  led: readonly Run[];
}

/** As one HTML page; attempts newest first. */
export function historyReport(group: string, attempts: readonly Attempt[], made: Made): string {
  const known = recoveriesOf(attempts);
  const recoveries = [...known.values()];
  const longest = Math.max(...recoveries.map(({ seconds }) => seconds));
  const told =
    recoveries.length === 0
      ? ['Production was never moved.']
      : [
          `Production was moved ${recoveries.length === 1 ? 'once' : `${recoveries.length} times`}; the longest recovery took ${formatSeconds(longest)}.`,
        ];
  const rows = attempts.map(({ run }) => {
    const recovery = known.get(run.id);
    return [
      moment(run.startedAt),
      `${run.operation} ${run.outcome ?? 'running'}`,
      [run.report?.result, run.error?.message, testedWords(run)].filter(Boolean).join(' '),
      recovery === undefined ? formatSeconds(run.seconds) : recoveryWords(recovery),
      run.reason === undefined ? run.operator : `${run.operator}: ${run.reason}`,
    ];
  });
  const columns = ['Started', 'Operation', 'What it came to', 'Took, and lost', 'Who, and why'];
  const body = html`${list(told)}${section('Newest first', table(columns, rows))}`;
  return page(`Changes of sides of ${group}`, body, footOf(made));
}

/** By the run, each once: of attempts that went on from one another it is told of the last one that has it. */
function recoveriesOf(attempts: readonly Attempt[]): Map<string, Recovery> {
  const told = new Set<string>();
  const known = new Map<string, Recovery>();
  for (const { run, led } of attempts) {
    const first = (led[0] ?? run).id;
    const recovery = told.has(first) ? null : recoveryOf(run, led);
    if (recovery === null) continue;
    told.add(first);
    known.set(run.id, recovery);
  }
  return known;
}

function recoveryWords({ seconds, complete, loss }: Recovery): string {
  return `${formatSeconds(seconds)} to recover${complete ? '' : ', with steps left undone'}. Lost: ${loss}`;
}
