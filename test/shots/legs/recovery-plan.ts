/** A run with steps of a recovery plan: reviewed, waiting for a person, asking, stopped at a step that fails. */
import type { Leg } from '../stage.ts';
import { atStep, lookInto, open, review, start, wizardSteps } from '../wizard.ts';

const mebibyte = 1 << 20;
const plan = `steps:
  - {id: announce, before: failover, title: Announce it, run: 'echo announced to everybody'}
  - {id: switch, before: failover, manual: Withdraw the exports of Hall A}
  - {id: fragile, before: failover, title: Ask the directory, run: 'echo no answer from ldap1; exit 1', on-failure: ask}
  - {id: mount, after: failover, title: Mount it at Hall B, run: 'echo mount point is busy; exit 32'}
`;

export const recoveryPlan: Leg = {
  name: 'recovery-plan',
  pictures: [
    'recovery-plan-wrong',
    'group-with-plan',
    'planned-choices',
    'planned-prerequisites',
    'planned-review',
    'run-waits',
    'run-asks',
    'result-interrupted',
    'group-stopped-at-step',
    'resume-at-step-choices',
    'run-page-with-plan',
  ],
  walk: async (stage) => {
    const { groups, page } = stage;
    await groups.protected('orders', [32 * mebibyte]);
    await stage.go('groups/orders/settings');
    await page.getByLabel('Plan', { exact: true }).fill('steps:\n  - id: dns\n    after: failover\n    manuel: turn\n');
    await stage.sees(/^Line 4 of the plan/);
    await page.getByText('Line 4 of the plan').scrollIntoViewIfNeeded();
    await stage.take('recovery-plan-wrong');
    await groups.plan('orders', plan);
    await stage.go('groups/orders');
    await stage.rest();
    await stage.take('group-with-plan');
    await lookInto(stage, { operation: 'failover', group: 'orders', as: 'planned' });
    await review(stage, { operation: 'failover', group: 'orders', as: 'planned' });
    await start(stage, 'orders');
    const waits = page.getByRole('region', { name: 'The run waits for you' });
    await waits.getByText('Withdraw the exports of Hall A').waitFor();
    await stage.take('run-waits');
    await waits.getByLabel(/Note/).fill('withdrawn at the switch');
    await waits.getByRole('button', { name: 'It is done' }).click();
    await waits.getByText('Ask the directory failed.').waitFor();
    await stage.take('run-asks');
    await waits.getByRole('button', { name: /Go on without/ }).click();
    await atStep(stage, 4, wizardSteps.length);
    await stage.take('result-interrupted');
    await stage.go('groups/orders');
    await stage.rest();
    await stage.take('group-stopped-at-step');
    await open(stage, { operation: 'resume', group: 'orders' });
    await stage.take('resume-at-step-choices');
    await stage.go(`runs/${await groups.newestRun('orders')}`, 'Steps');
    await stage.take('run-page-with-plan');
  },
};
