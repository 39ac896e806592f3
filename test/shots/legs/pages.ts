/** Every page with something on it, and the group's page in its states. */
import type { Leg, Stage } from '../stage.ts';

const mebibyte = 1 << 20;
const longName = 'warehouse-management-and-label-printing.with-a-very-long-name';
const pages = [
  { picture: 'page-overview', at: 'overview' },
  { picture: 'page-groups', at: 'groups' },
  { picture: 'page-group', at: 'groups/files' },
  { picture: 'group-interrupted', at: 'groups/web' },
  { picture: 'group-failed-over', at: 'groups/mail' },
  { picture: 'group-unprotected', at: `groups/${longName}` },
  { picture: 'page-group-settings', at: 'groups/files/settings' },
  { picture: 'page-volumes', at: 'volumes' },
  { picture: 'page-runs', at: 'runs' },
  { picture: 'page-audit', at: 'audit' },
  { picture: 'page-settings', at: 'settings' },
] as const;

async function makeGroups({ groups }: Stage): Promise<void> {
  await groups.protected('files', [256 * mebibyte, 64 * mebibyte]);
  await groups.cycles('files', 6);
  await groups.protected('crm', [16 * mebibyte, 8 * mebibyte]);
  await groups.protected('web', [32 * mebibyte]);
  await groups.interrupt('web', 'web-1.img');
  await groups.protected('mail', [8 * mebibyte]);
  await groups.run('failover', 'mail');
  await groups.make(longName, [4 * mebibyte]);
}

async function saveReport(stage: Stage): Promise<void> {
  await stage.go('runs');
  await stage.page
    .getByRole('link', { name: /ago$|just now$/ })
    .first()
    .click();
  await stage.sees('Steps');
  await stage.take('page-run');
  await stage.press('Save report');
  await stage.fill('Folder', stage.groups.path('aside'));
  await stage.take('save-dialog');
  await stage.page.getByRole('radio', { name: /^HTML/ }).check();
  await stage.press(/^Save .*html$/);
  await stage.sees(/^Written to/);
  await stage.take('save-dialog-written');
  await stage.press('Close');
}

export const everyPage: Leg = {
  name: 'pages',
  pictures: [
    ...pages.map(({ picture }) => picture),
    'group-point',
    'group-settings-unsaved',
    'audit-verified',
    'page-run',
    'save-dialog',
    'save-dialog-written',
    'no-such-group',
    'page-adopt',
    'adopted',
  ],
  walk: async (stage) => {
    await makeGroups(stage);
    for (const { picture, at } of pages) {
      await stage.go(at);
      await stage.rest();
      await stage.take(picture);
    }
    await stage.go('groups/files');
    await stage.page.getByRole('button', { name: /^Point 1\.4,/ }).click();
    await stage.take('group-point');
    await stage.go('groups/files/settings');
    await stage.fill('Stopped check', 'systemctl is-active --quiet erp && exit 1 || exit 0');
    await stage.press('Add quiet hours');
    await stage.take('group-settings-unsaved');
    await stage.press('Discard');
    await stage.go('audit');
    await stage.press('Verify the chain');
    await stage.sees(/^Every entry agrees/);
    await stage.take('audit-verified');
    await saveReport(stage);
    await stage.go('groups/there-is-no-such-group', 'There is no group');
    await stage.take('no-such-group');
    await stage.go('adopt');
    await stage.take('page-adopt');
    await stage.groups.forget('crm');
    await stage.fill('Store', stage.groups.path('hall-a', 'store'));
    await stage.fill('Name of the group', 'crm');
    await stage.press('Bring it in');
    await stage.sees('crm is here');
    await stage.take('adopted');
  },
};
