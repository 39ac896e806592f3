/** Checks: those that need attention with found, why and remedy; those that passed in one line each. */
import type { CheckReport, CheckResult } from '../../../contract/checks.ts';
import { mark, section, type Page } from './page.ts';
import { stepsAheadLines } from './plan-steps.ts';
import { hang } from './text.ts';

/** The page of `check`: the verdict, what blocks, what warns, what passed, and what the operation would do. */
export function checkReportLines(page: Page, report: CheckReport): string[] {
  const open = attention(report.checks);
  const passed = report.checks.filter((check) => !open.includes(check));
  return [
    verdictLine(page, report),
    ...section(
      page,
      'What it would do',
      report.consequences.flatMap((one) => hang('  - ', one, page)),
    ),
    ...stepsAheadLines(page, report.steps),
    ...section(
      page,
      'Needs attention',
      open.flatMap((check) => checkLines(page, check)),
    ),
    ...section(
      page,
      'Passed',
      passed.flatMap((check) => hang(`  ${mark(page, 'good', check.id)}  `, check.found, page)),
    ),
  ];
}

/** Checks that did not pass, what blocks first. */
export function attention(checks: readonly CheckResult[]): CheckResult[] {
  const weight = (check: CheckResult): number => (check.blocks && !check.accepted ? 0 : 1);
  return checks.filter((check) => check.status !== 'pass').sort((a, b) => weight(a) - weight(b));
}

/** One check that did not pass, with what was found, why it matters and how to fix it. */
export function checkLines(page: Page, check: CheckResult): string[] {
  const level = check.status === 'fail' ? 'bad' : check.status === 'warn' ? 'warn' : 'unknown';
  const accepted = check.accepted ? ', accepted' : check.blocks ? ', blocks' : '';
  const remedy = check.acceptable && check.blocks && !check.accepted ? `--accept ${check.id} passes it.` : '';
  return [
    ...hang(`  ${mark(page, level, `${check.status}${accepted}`)}  `, `${check.title} (${check.id})`, page),
    ...hang('      Found: ', check.found, page),
    ...hang('      Why:   ', check.why, page),
    ...[check.remedy, remedy].filter((line) => line !== '').flatMap((line) => hang('      To do: ', line, page)),
  ];
}

function verdictLine(page: Page, report: CheckReport): string {
  switch (report.verdict) {
    case 'ready':
      return mark(page, 'good', `Ready: ${report.operation} can start now.`);
    case 'warnings':
      return mark(page, 'warn', `Ready with warnings: ${report.operation} can start now.`);
    case 'blocked':
      return mark(page, 'bad', `Blocked: ${report.operation} cannot start now.`);
  }
}
