/** A run that has ended is not taken for one that goes on, however long it takes to read what it left. */
import { expect, test } from 'vitest';
import { sampleGroup, sampleResult, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const group = sampleGroup({ actions: [], phase: 'syncing' });
const going = sampleRun({ operation: 'sync', outcome: null });

/** Stores that answer no more. */
function never(): Promise<never> {
  return Promise.race<never>([]);
}

test('a wizard that is opened just after its last run ended begins at its first step', async () => {
  gallery.application
    .answer('groups.list', () => ({ groups: [group] }))
    .answer('runs.list', () => ({ runs: [going] }))
    .answer('operations.result', () => sampleResult({ run: sampleRun({ operation: 'sync' }), group }));
  await gallery.show('App');
  await gallery.page.getByText('1 active').waitFor();
  gallery.application.answer('groups.list', never).answer('runs.list', never);
  gallery.application.push('run.ended', { runId: going.id });
  await gallery.page.evaluate("location.hash = '#/do/sync/erp-db'");
  await gallery.page.getByRole('button', { name: 'Check prerequisites' }).waitFor();
  // What a page asks later is answered later.
  await gallery.page.evaluate("sitepair.invoke('machine.about', {})");
  expect(await gallery.text()).not.toContain('Sync is done');
});

test('beside the result stands what the run left, before all is read again', async () => {
  // Another group has its sites the other way round, so that one of them is shown with other letters than its own.
  const [primarySite, recoverySite] = [
    { letter: 'A' as const, name: 'Hall B' },
    { letter: 'B' as const, name: 'Hall A' },
  ];
  const turned = { primarySite, recoverySite };
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ id: 'g-2', name: 'crm' }), { ...group, ...turned }] }))
    .answer('runs.list', () => ({ runs: [going] }))
    .answer('operations.result', () => {
      gallery.application.answer('groups.list', never).answer('runs.list', never);
      const after = sampleGroup({ actions: [], phase: 'protected', ...turned });
      return sampleResult({ run: sampleRun({ operation: 'sync' }), group: after });
    });
  await gallery.show('wizards/OperationWizard', { operation: 'sync', name: 'erp-db', preset: '' });
  await gallery.page.getByRole('heading', { name: 'Sync is done' }).waitFor();
  const sides = gallery.page.getByRole('complementary');
  await sides.getByText(/^A\s*Hall A\s*Replica\s*B\s*Hall B\s*In production/).waitFor();
  expect(await sides.getByText('Receiving').count()).toBe(0);
});
