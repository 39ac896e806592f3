/** Making a group: each step says what is wrong with it before the next one is there. */
import { expect, test } from 'vitest';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('what is wrong with a step is said there, until it is corrected, and Enter goes on', async () => {
  gallery.application.answer('groups.look', ({ group: { primarySite, recoverySite } }) => {
    const report = { code: 'invalid-input', message: 'Both sites have one name.', remedy: 'Give two.' } as const;
    return { objections: primarySite === recoverySite ? [{ step: 'names', report }] : [] };
  });
  await gallery.show('wizards/ProtectWizard');
  await gallery.page.getByRole('button', { name: 'Next , not now: the group and both sites want a name' }).waitFor();
  await gallery.page.getByLabel('Name of the group').fill('erp');
  await gallery.page.getByLabel(/^Primary site/).fill('Hall A');
  await gallery.page.getByLabel(/^Recovery site/).fill('Hall A');
  await gallery.page.keyboard.press('Enter');
  const alert = gallery.page.getByRole('alert').getByText('Both sites have one name.');
  await alert.waitFor();
  await gallery.expectAccessible();
  await gallery.page.getByLabel(/^Recovery site/).fill('Hall B');
  await alert.waitFor({ state: 'detached' });
  await gallery.page.keyboard.press('Enter');
  await gallery.page.getByRole('heading', { name: 'Volumes' }).waitFor();
  expect(gallery.application.lastInput('groups.look')).toMatchObject({ until: 'names', group: { name: 'erp' } });
});
