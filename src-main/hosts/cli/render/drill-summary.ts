/** The last page of a drill: a table of its steps, what it came to, and what is left of it. */
import { timeOf, type DrillReport, type DrillStep, type Expected } from '../../../contract/drill.ts';
import { formatBytes, formatSeconds } from '../../../contract/figures.ts';
import { mark, type Page } from './page.ts';
import { table, type Column } from './table.ts';
import { hang, pad } from './text.ts';

const titleCells = 24;
const proofWords: Readonly<Record<Expected, string>> = { equal: 'equal', different: 'differs', unchanged: 'same' };

/** The lines of the summary. `show` is the command that looks at what was kept. */
export function summaryLines(page: Page, report: DrillReport, show: string): string[] {
  const leftOut = report.leftOut.flatMap((one) => hang(`  ${page.paint.warn('▲')} `, one, page));
  return [
    page.paint.strong('Summary'),
    ...stepTable(page, report.steps),
    '',
    ...hang('', verdict(page, report), page),
    ...report.findings.flatMap(({ title, text }) => finding(page, title, text)),
    ...(report.audit === null ? [] : finding(page, 'Audit trail', `intact, ${report.audit.entries} entries`)),
    ...finding(page, 'Time', timeOf(report)),
    ...finding(page, 'The two sites', report.kept ? `kept in ${report.directory}` : 'removed; --keep leaves them'),
    ...(report.kept ? finding(page, 'To look at them', show) : []),
    ...leftOut,
  ];
}

function stepTable(page: Page, steps: readonly DrillStep[]): string[] {
  const columns: (Column & { cell: (step: DrillStep) => string })[] = [
    { title: 'STEP', cell: (step) => step.title },
    { title: 'COMPARED', align: 'right', cell: ({ figures }) => bytes(figures?.bytesCompared) },
    { title: 'DIFFERING', align: 'right', cell: ({ figures }) => bytes(figures?.bytesDiffering) },
    { title: 'WRITTEN', align: 'right', cell: ({ figures }) => bytes(figures?.bytesWritten) },
    { title: 'SKIPPED', align: 'right', dispensable: true, cell: ({ figures }) => bytes(figures?.bytesSkipped) },
    { title: 'TOOK', align: 'right', cell: (step) => formatSeconds(step.seconds) },
    { title: 'PROOF', cell: (step) => proofWord(page, step) },
  ];
  const rows = steps.map((step) => columns.map(({ cell }) => cell(step)));
  return table(page, columns, rows, 0);
}

/** Steps that move nothing have dashes, so that the figures of the others stand out. */
function bytes(count: number | undefined): string {
  return count === undefined || count === 0 ? '-' : formatBytes(count);
}

function proofWord(page: Page, { proof, outcome }: DrillStep): string {
  if (outcome === 'cancelled') return mark(page, 'warn', 'stopped');
  if (proof === null) return outcome === 'done' ? '-' : mark(page, 'bad', outcome);
  return mark(page, proof.holds ? 'good' : 'bad', proof.holds ? proofWords[proof.expected] : 'broken');
}

function verdict(page: Page, { verdict: ended, steps, seconds }: DrillReport): string {
  const last = steps.at(-1);
  const where = last === undefined ? 'before its first step' : `in step ${last.number}, ${last.title}`;
  const proofs = steps.filter((step) => step.proof?.holds === true).length;
  const took = formatSeconds(seconds);
  switch (ended) {
    case 'succeeded':
      return mark(
        page,
        'good',
        `The drill succeeded: ${steps.length} steps and ${proofs} proofs in ${took}; every proof holds.`,
      );
    case 'failed':
      return mark(page, 'bad', `The drill failed ${where}, after ${took}; ${proofs} proofs held before.`);
    case 'cancelled':
      return mark(page, 'warn', `The drill was stopped ${where}, after ${took}.`);
  }
}

function finding(page: Page, title: string, text: string): string[] {
  return hang(`  ${page.paint.faint(pad(title, titleCells, 'left'))}`, text, page);
}
