/** The steps of a recovery plan: those that stand before somebody who is about to start, and what became of them. */
import type { StepAhead } from '../../../contract/plan.ts';
import type { Run } from '../../../contract/runs.ts';
import { passedOverWords } from '../../../contract/wording.ts';
import { section, type Page } from './page.ts';
import { hang } from './text.ts';

/** What steps of the plan printed, and what people said of them, in the order in which they were taken. */
export function planStepLines(page: Page, run: Run): string[] {
  const lines = run.steps.flatMap(({ plan }) => {
    if (plan === undefined) return [];
    const { id, state, attempts, operator, note, output } = plan;
    const tries = attempts > 1 ? `, ${attempts} times begun` : '';
    const person = operator === undefined ? '' : ` by ${operator}${note ? `: ${note}` : ''}`;
    const printed = output.trimEnd() === '' ? [] : output.trimEnd().split('\n');
    return [...hang(`  ${id}  `, `${state}${tries}${person}`, page), ...printed.map((line) => `    | ${line}`)];
  });
  return section(page, 'Steps of the plan, and what they printed', lines);
}

/** The steps that an operation would carry out. */
export function stepsAheadLines(page: Page, steps: readonly StepAhead[] = []): string[] {
  const lines = steps.flatMap(({ id, title, when, text, passedOver }) => [
    ...hang(
      `  ${when.padEnd(6)}  `,
      `${id}: ${title}${passedOver === null ? '' : ` (${passedOverWords[passedOver]})`}`,
      page,
    ),
    ...(text === title ? [] : hang('          ', text, page)),
  ]);
  return section(page, 'Steps of the plan', lines);
}
