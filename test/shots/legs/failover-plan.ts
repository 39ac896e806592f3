/** Several groups as one: the plan written, reviewed, carried out, stopped at a group, and gone on with. */
import { renameSync } from 'node:fs';
import { jointOperations, type JointOperation } from '../../../src-main/contract/failover-plans.ts';
import type { Leg, Stage } from '../stage.ts';
import { atStep, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;
const steps = ['review', 'confirm', 'run', 'result'];
/** What keeps a run waiting, so that the plan is seen at work. */
const waits = `steps:
  - {id: switch, before: failover, manual: Withdraw the exports of Hall A}
`;
const others = jointOperations.filter((operation) => operation !== 'failover');

/** The review of what the plan would do, on groups as they are by then. */
async function lookAt(stage: Stage, operation: JointOperation): Promise<void> {
  await stage.go(`do-plan/${operation}/hall-a-lost`);
  await stage.rest(500);
  await stage.page.getByText('Looking at all groups…').waitFor({ state: 'detached' });
  await stage.take(`plan-${operation}-review`);
}

export const failoverPlan: Leg = {
  name: 'failover-plan',
  pictures: [
    'failover-plan-wrong',
    'page-plan-editor',
    'page-plan',
    'page-plans',
    ...picturesOf('plan-failover', steps),
    'plan-stopped',
    ...picturesOf('plan-resume', steps),
    ...others.map((operation) => `plan-${operation}-review`),
  ],
  walk: async (stage) => {
    const { groups, page } = stage;
    const names = ['db', 'app', 'front'];
    for (const name of names) await groups.protected(name, [128 * mebibyte]);
    for (const name of ['app', 'front']) await groups.plan(name, waits);
    const text = page.getByLabel('Plan', { exact: true });
    await stage.go('new-plan');
    await stage.fill('Name, typed to confirm', 'hall-a-lost');
    await text.fill('priorities:\n  1: [db, db]\n');
    await stage.sees(/^Line 2 of the plan/);
    await stage.take('failover-plan-wrong');
    await text.fill('priorities:\n  1: [db]\n  2: [app, front]\n');
    await stage.rest();
    await stage.take('page-plan-editor');
    await stage.press('Save the plan');
    await stage.sees('What the plan can carry out');
    await stage.take('page-plan');
    await stage.go('plans', '1 failover plan');
    await stage.take('page-plans');
    const [volume, away] = [groups.path('hall-b', 'front-1.img'), groups.path('hall-b', 'away.img')];
    const confirm = async (as: string, waiting: string): Promise<void> => {
      await stage.take(`${as}-review`);
      await stage.press('Review and confirm');
      await stage.fill("Type the plan's name", 'hall-a-lost');
      await stage.take(`${as}-confirm`);
      await page.locator('footer').getByRole('button').last().click();
      await atStep(stage, 2, steps.length);
      await stage.sees('waits for you');
      await stage.take(`${as}-run`);
      await groups.answer(waiting, 'switch');
      await atStep(stage, 3, steps.length);
      await stage.take(`${as}-result`);
    };
    await lookAt(stage, 'planned-failover');
    renameSync(volume, away);
    await stage.go('do-plan/failover/hall-a-lost', 'could not begin now');
    await confirm('plan-failover', 'app');
    await stage.press('Close');
    await stage.sees(/^Stopped:/);
    await stage.take('plan-stopped');
    renameSync(away, volume);
    await stage.go('do-plan/resume/hall-a-lost', 'All groups can begin now');
    await confirm('plan-resume', 'front');
    for (const operation of ['commit', 'reprotect', 'failback'] as const) {
      await lookAt(stage, operation);
      for (const name of names) await groups.run(operation, name);
    }
  },
};
