/** `plan`: the recovery plan of a group, as the YAML that it is written in. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import { answerWordSchema } from '../../../contract/plan-run.ts';
import { longestPlan } from '../../../contract/plan.ts';
import type { Run } from '../../../contract/runs.ts';
import { withExample } from '../command-options.ts';
import { planText } from '../plan-file.ts';
import { planLines, planSetLines } from '../render/plan.ts';
import type { Session } from '../session.ts';

const answerOptions = z.strictObject({ note: z.string() });

/** Adds the commands to `program`. */
export function addPlanCommands(program: Command, session: Session): void {
  const plan = program
    .command('plan')
    .helpGroup('Groups:')
    .description('Recovery plans: steps before and after operations, and the commands of the servers. docs/PLANS.md');
  withExample(
    plan
      .command('show')
      .description('Print the plan of a group as the YAML that it was set with.')
      .argument('<name>', 'the group')
      .action(async (name: string) => {
        const report = await session.call('plans.show', { name });
        session.print(report, () => planLines(name, report.plan));
        if (!session.json && report.plan.off.length > 0) session.host.terminal.stderr.write(offWords(name));
      }),
    'sitepair plan show erp-db > plan.yaml',
  );
  withExample(
    plan
      .command('set')
      .description('Set the plan of a group. It is read whole first: where a line is wrong, nothing is changed.')
      .argument('<name>', 'the group')
      .argument('<file>', 'the plan as YAML; an empty file for no plan')
      .action(async (name: string, file: string) => {
        const report = await session.call('plans.set', { name, text: planText(session.path(file), longestPlan) });
        session.print(report, (page) => planSetLines(page, name, report.plan));
      }),
    'sitepair plan set erp-db plan.yaml',
  );
  withExample(
    plan
      .command('answer')
      .description('Answer a run that waits for a person at a step: a manual one, or one that failed and asks.')
      .argument('<name>', 'the group')
      .argument('<step>', 'the id of the step')
      .argument('<answer>', 'done or stop; where a step failed: retry, go-on or stop')
      .option('--note <text>', 'what is to be remembered of it', '')
      .action(async (name: string, step: string, word: string, raw: unknown) =>
        answerStep(session, name, step, word, raw),
      ),
    'sitepair plan answer erp-db cut-off-hall-a done --note "exports withdrawn"',
  );
}

/** Answers the run of a group that waits at a step, of whichever process. */
async function answerStep(session: Session, name: string, step: string, word: string, raw: unknown): Promise<void> {
  const answer = answerWordSchema.safeParse(word);
  if (!answer.success) {
    throw new SitepairError({
      code: 'invalid-input',
      message: `"${word}" is no answer.`,
      where: 'ANSWER',
      remedy: `Give one of: ${answerWordSchema.options.join(', ')}.`,
    });
  }
  const { note } = answerOptions.parse(raw);
  const { runs } = await session.call('runs.list', { group: name, limit: 20 });
  const going = await waitingAt(session, step, runs);
  if (going === undefined) {
    throw new SitepairError({
      code: 'not-allowed',
      message: `No run of ${name} goes on that could be answered.`,
      where: name,
      remedy: `A run that stopped at a step goes on with: sitepair resume ${name} --done-step ${step}`,
    });
  }
  const report = await session.call('runs.answer', { id: going.id, step, answer: answer.data, note });
  session.print(report, () => [report.message]);
}

/** Of the runs that go on, several where a rehearsal is beside, the one that waits at the step; else the newest. */
async function waitingAt(session: Session, step: string, runs: readonly Run[]): Promise<Run | undefined> {
  const going = runs.filter(({ outcome }) => outcome === null);
  for (const run of going) {
    const { progress } = await session.call('runs.progress', { id: run.id });
    if (progress?.plan?.waiting?.step === step) return run;
  }
  return going[0];
}

function offWords(name: string): string {
  return `Commands of this plan came with a store and are off until confirmed: sitepair group set ${name} --confirm-hooks\n`;
}
