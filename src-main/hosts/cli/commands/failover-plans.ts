/** `failover-plan`: several groups in an order of priorities, reviewed, confirmed and carried out as one. */
import type { Command } from 'commander';
import { z } from 'zod';
import { SitepairError } from '../../../contract/errors.ts';
import {
  jointOperations,
  jointOperationSchema,
  longestFailoverPlan,
  type JointOperation,
  type PlanOrder,
} from '../../../contract/failover-plans.ts';
import { siteRoleSchema } from '../../../contract/phases.ts';
import { parseGroupCheck } from '../assignments.ts';
import { collect, onlyGiven, parseAccepted, withExample } from '../command-options.ts';
import { exitCodeOfReview } from '../exit-codes.ts';
import { followPlan } from '../plan-follower.ts';
import { planText } from '../plan-file.ts';
import { failoverPlanLines, failoverPlanListLines, planReviewLines } from '../render/failover-plans.ts';
import { writeEvidence } from './evidence.ts';
import type { Session } from '../session.ts';

const options = z.strictObject({
  for: z.string().optional(),
  to: z.string().optional(),
  toSite: z.string().optional(),
  confirm: z.string().optional(),
  reason: z.string().optional(),
  accept: z.array(z.string()).optional(),
});

const help = {
  to: 'where it leads, primary or recovery, of each group (default: recovery)',
  toSite: 'in its place, by its name, the one site where all groups go; those that are there already are left alone',
  accept: 'go on although this check of this group does not pass, as GROUP:CHECK_ID; may be repeated',
};

/** Adds the commands to `program`. */
export function addFailoverPlanCommands(program: Command, session: Session): void {
  const plan = program
    .command('failover-plan')
    .helpGroup('Change sides:')
    .description('Several groups in an order of priorities, confirmed and carried out as one. docs/PLANS.md');
  withExample(
    plan
      .command('set')
      .description('Set a plan. It is read whole first: where a line is wrong, nothing is changed.')
      .argument('<plan>', 'its name')
      .argument('<file>', 'the plan as YAML')
      .action(async (name: string, file: string) => {
        const text = planText(session.path(file), longestFailoverPlan);
        const report = await session.call('failover-plans.set', { name, text });
        session.print(report, (page) => failoverPlanLines(page, report.plan));
      }),
    'sitepair failover-plan set hall-a-lost hall-a-lost.yaml',
  );
  withExample(
    plan
      .command('show')
      .description('Show a plan and how its newest run got on; without a name, all plans.')
      .argument('[plan]', 'its name')
      .option('--text', 'only the YAML that it was set with')
      .action(async (name: string | undefined, raw: unknown) => {
        const { text } = z.strictObject({ text: z.boolean().optional() }).parse(raw);
        await show(session, name, text === true);
      }),
    'sitepair failover-plan show hall-a-lost',
    'sitepair failover-plan show hall-a-lost --text > hall-a-lost.yaml',
  );
  withExample(
    plan
      .command('remove')
      .description('Forget a plan. Its groups are left alone, and its runs are kept.')
      .argument('<plan>', 'its name')
      .action(async (name: string) => {
        const report = await session.call('failover-plans.remove', { name });
        session.print(report, () => [report.message]);
      }),
    'sitepair failover-plan remove hall-a-lost',
  );
  withExample(
    plan
      .command('check')
      .description('What each group would lose and what stands against it now; changes nothing.')
      .argument('<plan>', 'its name')
      .requiredOption('--for <operation>', `one of ${jointOperations.join(', ')}, resume`)
      .option('--to <site>', help.to)
      .option('--to-site <name>', help.toSite)
      .option('--accept <group:check_id>', 'look at it as if this check were accepted; may be repeated', collect)
      .action(async (name: string, raw: unknown) => {
        const given = options.parse(raw);
        const { review } =
          given.for === 'resume'
            ? await session.call('failover-plans.check-resume', {
                name,
                ...onlyGiven({ accept: acceptedIn(given.accept) }),
              })
            : await session.call('failover-plans.check', orderOf(name, operationOf(given.for ?? '', '--for'), given));
        session.exitCode = exitCodeOfReview(review);
        session.print({ review }, (page) => planReviewLines(page, review, given.for === 'resume'));
      }),
    'sitepair failover-plan check hall-a-lost --for failover',
  );
  withExample(
    plan
      .command('run')
      .description('Carry an operation out over all groups: the first priority, then the next, equals side by side.')
      .argument('<plan>', 'its name')
      .argument('<operation>', `one of ${jointOperations.join(', ')}`)
      .option('--to <site>', help.to)
      .option('--to-site <name>', help.toSite)
      .option('--confirm <plan>', "the plan's name, to confirm; without it the command only says what would be lost")
      .option('--reason <text>', 'why this is done, for the reports of all runs')
      .option('--accept <group:check_id>', help.accept, collect)
      .action(async (name: string, word: string, raw: unknown) => {
        const given = options.parse(raw);
        const { confirm, reason } = given;
        const order = orderOf(name, operationOf(word, 'OPERATION'), given);
        const attended = session.attended ? true : undefined;
        const rest = onlyGiven({ confirm, reason, attended });
        if (confirm === undefined && !session.json) {
          const { review } = await session.call('failover-plans.check', order);
          session.say((page) => planReviewLines(page, review));
        }
        await followPlan(session, async () => session.call('failover-plans.start', { ...order, ...rest }));
      }),
    'sitepair failover-plan run hall-a-lost failover --confirm hall-a-lost --reason "fire in Hall A"',
    'sitepair failover-plan run hall-a-lost failback --confirm hall-a-lost',
  );
  withExample(
    plan
      .command('resume')
      .description('Go on where the newest run of a plan stopped; groups that are through are not done again.')
      .argument('<plan>', 'its name')
      .option('--confirm <plan>', "the plan's name, to confirm; wanted where anything new would begin")
      .option('--accept <group:check_id>', help.accept, collect)
      .action(async (name: string, raw: unknown) => {
        const { confirm, accept } = options.parse(raw);
        const attended = session.attended ? true : undefined;
        const rest = onlyGiven({ confirm, accept: acceptedIn(accept), attended });
        await followPlan(session, async () => session.call('failover-plans.resume', { name, ...rest }));
      }),
    'sitepair failover-plan resume hall-a-lost --confirm hall-a-lost',
  );
  withExample(
    plan
      .command('stop')
      .description('Stop a plan that is being carried out: no further group begins, and runs under way are stopped.')
      .argument('<plan>', 'its name')
      .action(async (name: string) => {
        const { lastRun } = (await session.call('failover-plans.show', { name })).plan;
        if (lastRun?.outcome !== null) throw notGoing(name);
        const report = await session.call('failover-plans.cancel', { id: lastRun.id });
        session.print(report, () => [report.message]);
      }),
    'sitepair failover-plan stop hall-a-lost',
  );
  withExample(
    plan
      .command('report')
      .description(
        'Write the report of the newest run of a plan: who did what and why, how long it took, what was lost.',
      )
      .argument('<plan>', 'its name')
      .requiredOption('--out <file>', 'the new file, .html or .pdf')
      .action(async (name: string, raw: unknown) => {
        const { out } = z.strictObject({ out: z.string() }).parse(raw);
        const { lastRun } = (await session.call('failover-plans.show', { name })).plan;
        if (lastRun === null) throw neverRun(name);
        await writeEvidence(session, { kind: 'plan-run', id: lastRun.id }, out);
      }),
    'sitepair failover-plan report hall-a-lost --out hall-a-lost.pdf',
  );
}

async function show(session: Session, name: string | undefined, text: boolean): Promise<void> {
  if (name === undefined) {
    const report = await session.call('failover-plans.list', {});
    session.print(report, (page) => failoverPlanListLines(page, report.plans));
    return;
  }
  const report = await session.call('failover-plans.show', { name });
  session.print(report, (page) =>
    text ? report.plan.text.trimEnd().split('\n') : failoverPlanLines(page, report.plan),
  );
}

function orderOf(name: string, operation: JointOperation, given: z.infer<typeof options>): PlanOrder {
  const { to, toSite } = given;
  const order = { name, operation, ...onlyGiven({ toSite, accept: acceptedIn(given.accept) }) };
  if (to === undefined) return order;
  const site = siteRoleSchema.safeParse(to);
  if (!site.success) throw wrong('--to', `"${to}" is no site.`, 'Give primary or recovery.');
  if (operation !== 'failover' && operation !== 'planned-failover') {
    throw wrong('--to', `${operation} leads to no other site than its own.`, 'Leave --to out.');
  }
  return { ...order, to: site.data };
}

function acceptedIn(given: readonly string[] | undefined): { group: string; id: string }[] | undefined {
  return given?.map((text) => {
    const { group, id } = parseGroupCheck(text);
    return { group, id: parseAccepted([id]).join('') };
  });
}

function operationOf(word: string, where: string): JointOperation {
  const operation = jointOperationSchema.safeParse(word);
  if (operation.success) return operation.data;
  throw wrong(where, `"${word}" is nothing that a plan carries out.`, `Give one of ${jointOperations.join(', ')}.`);
}

function notGoing(name: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The failover plan ${name} is not being carried out.`,
    where: name,
    remedy: `See what its newest run came to with: sitepair failover-plan show ${name}`,
  });
}

function neverRun(name: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The failover plan ${name} was never carried out.`,
    where: name,
    remedy: `See what it would meet with: sitepair failover-plan check ${name} --for failover`,
  });
}

function wrong(where: string, message: string, remedy: string): SitepairError {
  return new SitepairError({ code: 'invalid-input', message, where, remedy });
}
