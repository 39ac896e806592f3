/** A disaster and the way back, and a move while both sites are well. */
import type { Leg } from '../stage.ts';
import { goThrough, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;

export const overAndBack: Leg = {
  name: 'over-and-back',
  pictures: ['failover', 'commit', 'reprotect', 'failback', 'planned-failover'].flatMap((name) => picturesOf(name)),
  walk: async (stage) => {
    const { groups, page } = stage;
    const limit = 8 * mebibyte;
    await groups.protected('finance', [256 * mebibyte, 32 * mebibyte]);
    await groups.cycles('finance', 5);
    const choose = (): Promise<void> => page.getByRole('button', { name: /^Point 1\.4,/ }).click();
    await goThrough(stage, { operation: 'failover', group: 'finance', choose, limit: 256 << 10 });
    groups.change('finance-1.img', 20, 'hall-b');
    await goThrough(stage, { operation: 'commit', group: 'finance' });
    await goThrough(stage, { operation: 'reprotect', group: 'finance', limit });
    groups.change('finance-1.img', 12, 'hall-b', 8);
    await goThrough(stage, { operation: 'failback', group: 'finance', limit });
    await groups.run('commit', 'finance');
    await groups.run('reprotect', 'finance');
    groups.change('finance-1.img', 12, 'hall-a', 4);
    await goThrough(stage, { operation: 'planned-failover', group: 'finance', limit });
  },
};
