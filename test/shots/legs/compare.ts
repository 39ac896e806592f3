/** Both sides were written: they are compared, one is saved to a file, and that is put onto a copy. */
import { copyFileSync } from 'node:fs';
import type { Leg } from '../stage.ts';
import { goThrough, picturesOf } from '../wizard.ts';

const mebibyte = 1 << 20;

export const compare: Leg = {
  name: 'compare',
  pictures: [...picturesOf('compare'), 'page-salvage', 'salvage-listed', 'salvage-applied'],
  walk: async (stage) => {
    const { groups } = stage;
    await groups.protected('archive', [128 * mebibyte, 16 * mebibyte]);
    await groups.run('failover', 'archive');
    groups.change('archive-1.img', 12, 'hall-a', 3);
    groups.change('archive-1.img', 9, 'hall-b', 11);
    await goThrough(stage, {
      operation: 'compare',
      group: 'archive',
      limit: 3 * mebibyte,
      choose: async () => {
        await stage.tick(/^Save the chunks/);
        await stage.fill('Folder for the file', groups.path('aside'));
      },
    });
    await stage.go('salvage');
    await stage.fill('File', groups.path('aside', 'archive-hall-a.salvage'));
    await stage.take('page-salvage');
    await stage.press('Read and verify');
    await stage.sees('The file is whole');
    await stage.take('salvage-listed');
    const copy = groups.path('aside', 'copy-of-archive-1.img');
    copyFileSync(groups.path('hall-b', 'archive-1.img'), copy);
    await stage.fill(/^Copy to put/, copy);
    await stage.press('Put onto the copy');
    await stage.sees('were put onto');
    await stage.take('salvage-applied');
  },
};
