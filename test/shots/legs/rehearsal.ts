/** A failover is rehearsed on copies, noted, and cleaned up. */
import type { Leg } from '../stage.ts';
import { goThrough, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;

export const rehearsal: Leg = {
  name: 'rehearsal',
  pictures: [...picturesOf('test-failover'), 'test-noted', 'group-rehearsed', ...picturesOf('test-cleanup')],
  walk: async (stage) => {
    const { groups } = stage;
    await groups.protected('desk', [128 * mebibyte, 16 * mebibyte]);
    await groups.cycles('desk', 3);
    await goThrough(stage, {
      operation: 'test-failover',
      group: 'desk',
      limit: 3 * mebibyte,
      choose: async () => {
        await stage.fill('Directory for the copies', groups.path('aside', 'rehearsal'));
        await stage.sees(/ free there/);
      },
    });
    await stage.fill('What was tried, and what was found', 'starts in four minutes, last order is there');
    await stage.press('It passed');
    await stage.sees('Noted as passed');
    await stage.take('test-noted');
    await stage.go('groups/desk');
    await stage.rest();
    await stage.take('group-rehearsed');
    await goThrough(stage, { operation: 'test-cleanup', group: 'desk' });
  },
};
