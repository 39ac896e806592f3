/** A group is made, seeded and watched while it is: paused, limited, done. */
import type { Leg, Stage } from '../stage.ts';
import { goThrough, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;
const makingIt = ['name', 'volumes', 'browse', 'stores', 'folded-out', 'objection', 'review'];

async function make(stage: Stage): Promise<void> {
  const { groups, page } = stage;
  const files = ['erp-data.img', 'erp-log.img'];
  groups.volume('erp-data.img', 512 * mebibyte);
  groups.volume('erp-log.img', 64 * mebibyte);
  await stage.go('protect');
  await stage.fill('Name of the group', 'erp');
  await stage.fill('Primary site', 'Hall A');
  await stage.fill('Recovery site', 'Hall B');
  await stage.take('new-group-name');
  await stage.press('Next');
  await stage.press('Add a pair');
  for (const [n, file] of files.entries()) {
    await stage.fill('Volume at Hall A', groups.path('hall-a', file), n);
    await stage.fill('Counterpart at Hall B', groups.path('hall-b', file), n);
  }
  await stage.take('new-group-volumes');
  await page.getByRole('button', { name: 'Browse for Volume at Hall A' }).first().click();
  await stage.sees('erp-log.img');
  await stage.take('new-group-browse');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await stage.press('Next');
  await stage.fill('Store at Hall A', groups.path('hall-a', 'store'));
  await stage.fill('Store at Hall B', groups.path('hall-b', 'store'));
  await stage.take('new-group-stores');
  await stage.press('Add quiet hours');
  await page.getByText('Limit, chunk size and commands').click();
  await stage.take('new-group-folded-out');
  await stage.press(/^Remove/);
  await page.getByText('Limit, chunk size and commands').click();
  await stage.fill('Store at Hall B', groups.path('hall-a', 'store'));
  await stage.press('Next');
  await page.getByRole('alert').first().waitFor();
  await stage.take('new-group-objection');
  await stage.fill('Store at Hall B', groups.path('hall-b', 'store'));
  await stage.press('Next');
  await stage.sees('Make the group');
  await stage.take('new-group-review');
  await stage.press('Make the group');
  await stage.sees('Check prerequisites');
}

export const newGroup: Leg = {
  name: 'new-group',
  pictures: [...picturesOf('new-group', makingIt), ...picturesOf('protect').toSpliced(4, 0, 'run-limit', 'run-paused')],
  walk: async (stage) => {
    await make(stage);
    await goThrough(stage, {
      operation: 'protect',
      group: 'erp',
      limit: 12 * mebibyte,
      during: async () => {
        await stage.press('Limit');
        await stage.sees('Limit of this run, MiB a second');
        await stage.take('run-limit');
        await stage.page.keyboard.press('Escape');
        await stage.press('Pause');
        await stage.sees('paused');
        await stage.take('run-paused');
        await stage.press('Go on');
      },
    });
  },
};
