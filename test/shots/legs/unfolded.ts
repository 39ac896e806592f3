/** What is there only when it is asked for: choices that open others, what is folded away, a look that takes long. */
import type { Operation } from '../../../src-main/contract/phases.ts';
import type { Leg } from '../stage.ts';
import { open } from '../wizard.ts';

const mebibyte = 1 << 20;

export const unfolded: Leg = {
  name: 'unfolded',
  pictures: [
    'protect-overwrite',
    'sync-unreadable',
    'prerequisites-looking',
    'readiness-proved',
    'remove-group',
    'diagnostics',
    'reprotect-new-volumes',
  ],
  walk: async (stage) => {
    const { groups, page } = stage;
    const wizard = (operation: Operation): Promise<void> => open(stage, { operation, group: 'museum' });
    await groups.make('museum', [32 * mebibyte, 8 * mebibyte]);
    await wizard('protect');
    await stage.tick(/^Overwrite what the targets hold/);
    await stage.tick(/^Do not save it/);
    await stage.take('protect-overwrite');
    await groups.run('protect', 'museum');
    await wizard('sync');
    await stage.tick(/^Go on without/);
    await stage.take('sync-unreadable');
    const answer = stage.application.hold('checks.run');
    await stage.press('Check prerequisites');
    await stage.sees('Looking…');
    await stage.take('prerequisites-looking');
    answer();
    await stage.go('groups/museum');
    await stage.press('Check now');
    await stage.sees(/^Looked at/);
    for (const summary of await page.getByText('What shows only then').all()) await summary.click();
    await stage.take('readiness-proved');
    await stage.go('groups/museum/settings');
    await stage.tick(/^Delete what it has/);
    await stage.fill(/^Type the group's name, museum$/, 'museum');
    await stage.take('remove-group');
    await stage.go('settings');
    await stage.press('Copy diagnostics');
    await page.getByRole('textbox', { name: 'Diagnostics' }).waitFor();
    await stage.take('diagnostics');
    await groups.run('failover', 'museum');
    await groups.run('commit', 'museum');
    await wizard('reprotect');
    await stage.tick(/^Old volumes did not survive/);
    await stage.fill(/^New volume instead of/, groups.path('hall-a', 'museum-1-new.img'));
    await stage.take('reprotect-new-volumes');
  },
};
