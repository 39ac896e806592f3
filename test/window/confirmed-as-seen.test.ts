/** An operation's wizard: what is confirmed is what was read, of the volumes that it was read of. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleCheck, sampleCheckReport, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const passed = sampleCheck({ status: 'pass', blocks: false });

/** The group as it is from now on. */
function shows(changes: Partial<GroupView>): void {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup({ actions: [], ...changes })] }));
}

function button(name: string): ReturnType<typeof gallery.page.getByRole> {
  return gallery.page.getByRole('button', { name, exact: true });
}

test('paths that are changed while the name is typed are looked at before they can be confirmed', async () => {
  let target = 'one.img';
  const report = (): ReturnType<typeof sampleCheckReport> =>
    sampleCheckReport({ checks: [passed], consequences: [`${target} is overwritten.`] });
  gallery.application.answer('checks.run', report);
  shows({ phase: 'committed', activeSite: 'recovery' });
  await gallery.show('wizards/OperationWizard', { operation: 'reprotect', name: 'erp-db', preset: '' });
  await button('Check prerequisites').click();
  await button('Review').click();
  await gallery.sees('one.img is overwritten.');
  const name = gallery.page.getByLabel(/Type the group's name/);
  await name.fill('erp-db');
  target = 'payroll.img';
  shows({ phase: 'committed', activeSite: 'recovery', version: 2 });
  gallery.application.push('state.changed', {});
  await gallery.sees(/^The paths or the policy of the group were changed since this was looked at/);
  await button('Review').click();
  await gallery.sees('payroll.img is overwritten.');
  expect(await name.inputValue()).toBe('');
});
