/** Saving a report from the window: where to, under which name, and what came of it. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const of = { kind: 'run', id: 'r1' } as const;

async function openDialog(): Promise<void> {
  await gallery.show('kit/SaveDialog', { label: 'Save report', title: 'Report of this run', of, group: 'erp' });
  await gallery.page.getByRole('button', { name: 'Save report' }).click();
  await gallery.page.getByRole('dialog', { name: 'Report of this run' }).waitFor();
}

test('a report goes to the folder and name that are given, and where it is, is said', async () => {
  const asked: unknown[] = [];
  gallery.application.answer('evidence.write', (request) => {
    asked.push(request);
    return { file: request.file, sizeBytes: 57_344 };
  });
  await openDialog();
  const save = gallery.page.getByRole('button', { name: /^Save erp-report-.*\.pdf/ });
  expect(await save.getAttribute('aria-disabled'), 'no folder is chosen yet').toBe('true');
  await gallery.page.getByRole('textbox', { name: 'Folder' }).fill('/srv/evidence/');
  await gallery.page.getByRole('textbox', { name: 'Name' }).fill('fire');
  await gallery.page.getByRole('radio', { name: /HTML/ }).check();
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: 'Save fire.html' }).click();
  await gallery.page.getByRole('status').getByText('Written to /srv/evidence/fire.html (56.0 KiB)').waitFor();
  expect(asked).toEqual([{ of, file: '/srv/evidence/fire.html' }]);
});

test('what keeps it from being written is said, and another name can be given', async () => {
  gallery.application.answer('evidence.write', ({ file }) => {
    throw new SitepairError({
      code: 'invalid-input',
      message: `${file} cannot be written (there is something of that name).`,
      remedy: 'Give a name that no file has yet: nothing is overwritten.',
    });
  });
  await openDialog();
  await gallery.page.getByRole('textbox', { name: 'Folder' }).fill('/srv');
  await gallery.page.getByRole('button', { name: /^Save erp-report/ }).click();
  await gallery.sees('Give a name that no file has yet: nothing is overwritten.');
  expect(await gallery.page.getByRole('textbox', { name: 'Name' }).isEnabled()).toBe(true);
  await gallery.expectAccessible();
});
