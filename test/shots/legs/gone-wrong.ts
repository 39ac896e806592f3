/** What goes wrong: checks that block, volumes that are lost, a run that its own checks stop, what is not possible. */
import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { Leg } from '../stage.ts';
import { atStep, goToReview, start, wizardSteps } from '../wizard.ts';

const mebibyte = 1 << 20;

export const goneWrong: Leg = {
  name: 'gone-wrong',
  pictures: [
    'not-possible-choices',
    'result-blocked',
    'start-refused',
    'result-source-lost',
    'damaged-prerequisites',
    'lost-volume-prerequisites',
    'group-lost-volume',
    'group-store-unreadable',
  ],
  walk: async (stage) => {
    const { groups, page } = stage;
    await groups.protected('intranet', [16 * mebibyte, 8 * mebibyte]);
    await stage.go('do/commit/intranet', 'Not possible now');
    await stage.take('not-possible-choices');
    const sync = { operation: 'sync', group: 'intranet' } as const;
    await goToReview(stage, sync);
    renameSync(groups.path('hall-a', 'intranet-2.img'), groups.path('hall-a', 'away.img'));
    await start(stage, 'intranet');
    await atStep(stage, 4, wizardSteps.length);
    await stage.take('result-blocked');
    renameSync(groups.path('hall-a', 'away.img'), groups.path('hall-a', 'intranet-2.img'));
    await goToReview(stage, sync);
    const mended = stage.application.refuse('operations.start', {
      code: 'busy',
      message: 'Another process holds the group intranet: sitepair sync, process 4711, begun by mira.',
      remedy:
        'Wait for that run to end, or stop it where it was started. What it does, and the answer it waits for if it does: sitepair group show intranet',
    });
    await start(stage, 'intranet');
    await page.getByRole('alert').first().waitFor();
    await stage.take('start-refused');
    mended();
    await groups.limit('intranet', 2 * mebibyte);
    await goToReview(stage, sync);
    await start(stage, 'intranet');
    await stage.sees('Time left');
    truncateSync(groups.path('hall-a', 'intranet-1.img'), 4096);
    await atStep(stage, 4, wizardSteps.length);
    await stage.take('result-source-lost');
    truncateSync(groups.path('hall-a', 'intranet-1.img'), 16 * mebibyte);
    await groups.limit('intranet', null);
    await groups.run('rollback', 'intranet');
    writeFileSync(groups.path('hall-b', 'intranet-1.img'), 'somebody wrote here');
    await stage.go('do/failover/intranet');
    await stage.press('Check prerequisites');
    await stage.sees('Nothing has been changed.');
    await stage.take('damaged-prerequisites');
    rmSync(groups.path('hall-a', 'intranet-2.img'));
    await stage.go('do/sync/intranet');
    await stage.press('Check prerequisites');
    await stage.sees('Nothing has been changed.');
    await stage.take('lost-volume-prerequisites');
    await stage.go('groups/intranet');
    // A group is read again each minute; the volume was taken away a moment ago.
    await page.reload();
    await stage.rest(2000);
    await stage.take('group-lost-volume');
    const store = groups.path('hall-b', 'store');
    renameSync(store, `${store}-away`);
    await page.reload();
    await stage.rest(2000);
    await stage.take('group-store-unreadable');
    renameSync(`${store}-away`, store);
  },
};
