/** Cycles: one that is watched, stopped, taken back; one that is cut off and gone on with. */
import type { Leg, Stage } from '../stage.ts';
import { atStep, goThrough, lookInto, picturesOf, review, runThrough, start, wizardSteps } from '../wizard.ts';

const mebibyte = 1 << 20;

/** A sync that the operator stops; on the way its own page is seen too. */
async function stopOne(stage: Stage): Promise<void> {
  const { groups, page } = stage;
  const way = { operation: 'sync', group: 'billing' } as const;
  await lookInto(stage, way);
  await review(stage, way);
  await start(stage, 'billing');
  await stage.sees('Time left');
  await stage.rest(2500);
  await stage.take('sync-run');
  await stage.go('groups/billing');
  await stage.rest();
  await stage.take('group-syncing');
  await stage.go(`runs/${await groups.newestRun('billing')}`, 'Time left');
  await stage.rest(1500);
  await stage.take('run-page-running');
  await stage.go('do/sync/billing', 'Time left');
  await page.getByRole('button', { name: /^Stop the run/ }).click();
  await page.getByRole('group', { name: 'Stop the run?' }).waitFor();
  await stage.take('stop-question');
  await stage.press('Stop it');
  await atStep(stage, 4, wizardSteps.length);
  await stage.take('result-cancelled');
}

export const cycles: Leg = {
  name: 'cycles',
  pictures: [
    ...picturesOf('sync', ['choices', 'prerequisites', 'review', 'run']),
    'group-syncing',
    'run-page-running',
    'stop-question',
    'result-cancelled',
    'run-page-cancelled',
    ...picturesOf('rollback'),
    'sync-result',
    ...picturesOf('resume'),
  ],
  walk: async (stage) => {
    const { groups } = stage;
    await groups.protected('billing', [512 * mebibyte, 64 * mebibyte]);
    groups.change('billing-1.img', 200);
    await groups.limit('billing', 8 * mebibyte);
    await stopOne(stage);
    await stage.go(`runs/${await groups.newestRun('billing')}`, 'Steps');
    await stage.take('run-page-cancelled');
    await goThrough(stage, { operation: 'rollback', group: 'billing', limit: mebibyte });
    await groups.limit('billing', null);
    await runThrough(stage, { operation: 'sync', group: 'billing' });
    await stage.take('sync-result');
    await groups.interrupt('billing', 'billing-1.img');
    await goThrough(stage, { operation: 'resume', group: 'billing', limit: 8 * mebibyte });
  },
};
