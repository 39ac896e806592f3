/** A replica that is verified; that somebody wrote to behind Sitepair's back; and that is mended. */
import type { Leg } from '../stage.ts';
import { goThrough, picturesOf, runThrough } from '../wizard.ts';

const mebibyte = 1 << 20;

export const verify: Leg = {
  name: 'verify',
  pictures: [...picturesOf('verify'), 'result-failed', 'run-page-failed', 'group-damaged', ...picturesOf('repair')],
  walk: async (stage) => {
    const { groups } = stage;
    const limit = 3 * mebibyte;
    await groups.protected('labs', [128 * mebibyte, 16 * mebibyte]);
    await groups.cycles('labs', 2);
    await goThrough(stage, { operation: 'verify', group: 'labs', limit });
    groups.change('labs-1.img', 6, 'hall-b', 9);
    await runThrough(stage, { operation: 'verify', group: 'labs' });
    await stage.take('result-failed');
    await stage.go(`runs/${await groups.newestRun('labs')}`, 'Steps');
    await stage.take('run-page-failed');
    await stage.go('groups/labs');
    await stage.rest();
    await stage.take('group-damaged');
    await goThrough(stage, { operation: 'verify', group: 'labs', as: 'repair', preset: 'repair', limit });
  },
};
