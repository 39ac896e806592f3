/** An error that answers a press is seen where it was pressed, however far down the page that was. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleCheck, sampleCheckReport, sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const windowHeight = 600;

test('a start that is refused is told in sight of the button that was pressed', async () => {
  const consequences = Array.from({ length: 20 }, (_, n) => `Volume ${n} is overwritten.`);
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ actions: [] })] }))
    .answer('checks.run', () =>
      sampleCheckReport({ checks: [sampleCheck({ status: 'pass', blocks: false })], consequences }),
    )
    .answer('operations.start', () => {
      throw new SitepairError({ code: 'busy', message: 'Another process holds the group.', remedy: 'Wait for it.' });
    });
  await gallery.page.setViewportSize({ width: 1280, height: windowHeight });
  await gallery.show('wizards/OperationWizard', { operation: 'commit', name: 'erp-db', preset: '' });
  for (const name of ['Check prerequisites', 'Review']) await gallery.page.getByRole('button', { name }).last().click();
  await gallery.page.getByLabel(/Type the group's name/).fill('erp-db');
  await gallery.page.getByRole('button', { name: 'Commit', exact: true }).click();
  const note = gallery.page.getByRole('alert');
  await note.waitFor();
  const seen = async (): Promise<boolean> => {
    const box = await note.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height < windowHeight;
  };
  await expect.poll(seen).toBe(true);
});
