/** Who a report says that a run was begun by: what the clock begins nobody has confirmed. */
import { expect, test } from 'vitest';
import { runReport } from '../../src-main/evidence/run-report.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { sampleRun } from '../hosts/cli/sample-reports.ts';

function begun(run: Run, led: readonly Run[]): string {
  const made = { at: run.startedAt, operator: 'mira', machine: 'host', version: '1' };
  const verdict = { intact: true, entries: 0, brokenAt: null, detail: '' };
  const page = runReport({ run, led, audit: [], verdict, made });
  const fact = /<dt>(?:Begun|Confirmed)<\/dt>\s*<dd>[^<]*/.exec(page)?.[0] ?? '';
  return fact.replaceAll(/(?:<[^>]*>|\s)+/g, ' ');
}

test.each([
  ['scheduler', [], /^ Begun .* by the clock$/],
  ['mira', [], /^ Confirmed .* by mira$/],
  ['scheduler', ['mira'], /^ Confirmed .* by mira; gone on with by the clock$/],
  ['mira', ['scheduler'], /^ Begun .* by the clock; gone on with by mira$/],
])('of a run of %s after one of %s', (operator, before, says) => {
  const led = before.map((one) => sampleRun({ id: 'first', operator: one, outcome: 'interrupted' }));
  expect(begun(sampleRun({ operator }), led)).toMatch(says);
});
