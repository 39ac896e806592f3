/** What a run says on its way, as it goes into its record and its progress. */
import type { Run } from '../contract/runs.ts';
import type { RunNews } from '../protection/tasks.ts';
import type { IdleTime } from './idle-time.ts';
import type { ProgressMeter } from './progress.ts';
import { closeStep } from './run-outcome.ts';

interface Hearers {
  meter: ProgressMeter;
  idle: IdleTime;
  warnings: string[];
}

/** Takes in one piece of news. Warnings are kept once each. */
export function hearNews(run: Run, hearers: Hearers, told: RunNews): void {
  const { idle, meter } = hearers;
  // What has gone by belongs to the step that was at hand.
  idle.note(meter.idle);
  hear(run, hearers, told);
  idle.note(meter.idle);
}

function hear(run: Run, { meter, warnings }: Hearers, told: RunNews): void {
  const step = run.steps.at(-1);
  switch (told.kind) {
    case 'warn':
      if (!warnings.includes(told.text)) warnings.push(told.text);
      return;
    case 'pairs':
      meter.pairs(told.pairs);
      return;
    case 'reading':
      meter.reading(told.bytesRead, told.bytesTotal);
      return;
    case 'detail':
      if (step !== undefined) step.detail = step.detail === '' ? told.text : `${step.detail}; ${told.text}`;
      return;
    case 'plan':
      if (told.plan.kind === 'step' && step !== undefined) step.plan = told.plan.step;
      meter.plan(told.plan);
      return;
    case 'step':
      closeStep(run);
      run.steps.push({ title: told.title, startedAt: told.at, seconds: null, detail: '' });
      meter.step(told.title);
      return;
    case 'checked':
      run.accepted = told.checks.filter((check) => check.accepted).map(({ id }) => id);
      run.report = { next: [], warnings: [], mismatches: [], mismatchesInAll: 0, checks: told.checks };
      return;
    case 'trace':
    case 'forecast':
  }
}
