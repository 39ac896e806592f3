/** The history of a group's changes of sides, rehearsed or real: how long each took, what it lost, who decided it. */
import { formatSeconds } from '../contract/figures.ts';
import type { Operation } from '../contract/phases.ts';
import type { Run } from '../contract/runs.ts';
import { testedWords } from '../contract/wording.ts';
import { footOf, type Made } from './made.ts';
import { html, list, moment, page, section, table } from './markup.ts';
import { recoveryOf } from './recovery.ts';

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
  const recoveries = attempts.flatMap(({ run, led }) => recoveryOf(run, led) ?? []);
  const longest = Math.max(...recoveries.map(({ seconds }) => seconds));
  const told =
    recoveries.length === 0
      ? ['Production was never moved.']
      : [
          `Production was moved ${recoveries.length === 1 ? 'once' : `${recoveries.length} times`}; the longest recovery took ${formatSeconds(longest)}.`,
        ];
  const rows = attempts.map(({ run, led }) => {
    const recovery = recoveryOf(run, led);
    const took = recovery === null ? formatSeconds(run.seconds) : `${formatSeconds(recovery.seconds)} to recover`;
    return [
      moment(run.startedAt),
      `${run.operation} ${run.outcome ?? 'running'}`,
      [run.report?.result ?? run.error?.message, testedWords(run)].filter(Boolean).join(' '),
      recovery === null ? took : `${took}. Lost: ${recovery.loss}`,
      run.reason === undefined ? run.operator : `${run.operator}: ${run.reason}`,
    ];
  });
  const columns = ['Started', 'Operation', 'What it came to', 'Took, and lost', 'Who, and why'];
  const body = html`${list(told)}${section('Newest first', table(columns, rows))}`;
  return page(`Changes of sides of ${group}`, body, footOf(made));
}
