/** Other points than the newest: dropped, gone to after a failover, and the failover taken back. */
import type { Leg } from '../stage.ts';
import { goThrough, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;

export const points: Leg = {
  name: 'points',
  pictures: ['drop-point', 'change-point', 'undo', 'undo-reprotect'].flatMap((name) => picturesOf(name)),
  walk: async (stage) => {
    const { groups, page } = stage;
    const point = (id: string) => (): Promise<void> =>
      page.getByRole('button', { name: new RegExp(`^Point ${id.replace('.', '\\.')},`) }).click();
    await groups.protected('hr', [64 * mebibyte]);
    await groups.cycles('hr', 5);
    await goThrough(stage, { operation: 'drop-point', group: 'hr', choose: point('1.2') });
    await groups.run('failover', 'hr');
    await goThrough(stage, { operation: 'change-point', group: 'hr', choose: point('1.4'), limit: mebibyte });
    groups.change('hr-1.img', 6, 'hall-b', 30);
    await goThrough(stage, { operation: 'undo', group: 'hr', limit: 2 * mebibyte });
    for (const operation of ['failover', 'commit'] as const) await groups.run(operation, 'hr');
    groups.change('hr-1.img', 10, 'hall-b', 20);
    await groups.run('reprotect', 'hr');
    await goThrough(stage, { operation: 'undo', group: 'hr', as: 'undo-reprotect', limit: mebibyte });
  },
};
