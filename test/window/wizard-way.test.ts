/** Which way an operation goes, as its wizard says it from the first step to the last. */
import { expect, test } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import { sampleCheckReport, sampleGroup, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

function shows(changes: Partial<GroupView>): void {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup(changes)] }));
}

test('the way is said as long as it goes, though the group turns round meanwhile', async () => {
  gallery.application
    .answer('checks.run', () => sampleCheckReport({ consequences: ['X is lost.'] }))
    .answer('operations.start', () => ({ runId: sampleRun().id }))
    .answer('operations.result', () => Promise.race<never>([]));
  shows({});
  await gallery.show('wizards/OperationWizard', { operation: 'failover', name: 'erp-db', preset: '' });
  await gallery.sees('only those of Hall B are written, by what its store holds');
  await gallery.page.getByRole('button', { name: 'Check prerequisites' }).click();
  await gallery.page.getByRole('button', { name: 'Review' }).click();
  const name = gallery.page.getByLabel(/Type the group's name/);
  await name.fill('erp-db');
  await name.press('Enter');
  await gallery.page.getByRole('heading', { name: 'Failover runs' }).waitFor();
  shows({ phase: 'failing-over', activeSite: null, replicaSite: 'recovery' });
  gallery.application.push('state.changed', {});
  await gallery.sees('Being promoted');
  expect(await gallery.text()).toContain('Production: Hall A → Hall B');
});
