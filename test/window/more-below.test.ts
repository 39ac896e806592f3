/** What a step has below the window's edge is told, and reached by a press. */
import { expect, test } from 'vitest';
import { sampleCheck, sampleCheckReport, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('a step that is longer than the window says that there is more, until its end is seen', async () => {
  const consequences = Array.from({ length: 40 }, (_, n) => `Volume ${n + 1} is read.`);
  const checks = [sampleCheck({ status: 'pass', blocks: false })];
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ actions: [] })] }))
    .answer('checks.run', () => sampleCheckReport({ checks, consequences }));
  await gallery.show('wizards/OperationWizard', { operation: 'verify', name: 'erp-db', preset: '' });
  const more = gallery.page.getByRole('button', { name: 'More below' });
  await gallery.page.getByRole('button', { name: 'Check prerequisites' }).waitFor();
  expect(await more.count()).toBe(0);
  for (const name of ['Check prerequisites', 'Review']) await gallery.page.getByRole('button', { name }).last().click();
  await more.waitFor();
  await gallery.expectAccessible();
  const last = gallery.page.getByText('Volume 40 is read.');
  await expect
    .poll(async () => {
      if ((await more.count()) > 0) await more.click({ timeout: 1000 }).catch(() => undefined);
      return (await more.count()) === 0 && ((await last.boundingBox())?.y ?? Infinity);
    })
    .toBeLessThan(800);
});
