/** A pair joins a group, and one is taken out. */
import type { Leg, Stage } from '../stage.ts';
import { atStep, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;
const steps = ['choices', 'prerequisites', 'review', 'result'];

async function goOn(stage: Stage, wizard: string): Promise<void> {
  await stage.take(`${wizard}-choices`);
  await stage.press('Next');
  await stage.sees('Nothing stands against it');
  await stage.take(`${wizard}-prerequisites`);
  await stage.press('Next');
  await atStep(stage, 2, steps.length);
  const name = stage.page.getByLabel(/Type the group's name/);
  if ((await name.count()) > 0) await name.fill('desktop-images');
  await stage.take(`${wizard}-review`);
  await stage.page.locator('footer').getByRole('button').last().click();
  await atStep(stage, 3, steps.length);
  await stage.take(`${wizard}-result`);
}

export const pairs: Leg = {
  name: 'pairs',
  pictures: ['add-pair-objection', ...picturesOf('add-pair', steps), ...picturesOf('remove-pair', steps)],
  walk: async (stage) => {
    const { groups } = stage;
    await groups.protected('desktop-images', [64 * mebibyte, 32 * mebibyte]);
    const source = groups.volume('desktop-images-3.img', 16 * mebibyte);
    await stage.go('groups/desktop-images/add-pair', 'What is added');
    await stage.fill(/^Volume at Hall A/, groups.path('hall-a', 'desktop-images-1.img'));
    await stage.fill(/^Counterpart at Hall B/, groups.path('hall-b', 'desktop-images-3.img'));
    await stage.press('Next');
    await stage.sees('It cannot be done as it stands');
    await stage.take('add-pair-objection');
    await stage.press('Back');
    await stage.fill(/^Volume at Hall A/, source);
    await goOn(stage, 'add-pair');
    await groups.run('sync', 'desktop-images');
    await stage.go('groups/desktop-images/remove-pair/pair-2');
    await atStep(stage, 0, steps.length);
    await goOn(stage, 'remove-pair');
  },
};
