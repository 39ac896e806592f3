/** The settings of a group: what cannot be saved is said where it is typed. */
import { expect, test } from 'vitest';
import { sampleGroup, sampleRun } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const named = (name: string): ReturnType<typeof gallery.page.getByRole> => gallery.page.getByRole('button', { name });

test('a figure that cannot be taken is marked, says why under it, and Save says it too', async () => {
  await gallery.show('views/GroupSettings', { group: sampleGroup() });
  await named('Save , not now: nothing was changed').waitFor();
  const points = gallery.page.getByLabel('Points to keep');
  expect(await points.getAttribute('aria-invalid')).toBe(null);
  await points.fill('many');
  const said = 'The number of points must be a number above 0.';
  await named(`Save , not now: ${said}`).waitFor();
  expect(await points.getAttribute('aria-invalid')).toBe('true');
  const under = await points.getAttribute('aria-describedby');
  expect(await gallery.page.locator(`[id="${under ?? ''}"]`).innerText()).toBe(said);
  const target = gallery.page.getByLabel(/^The newest point/);
  expect(await target.getAttribute('aria-invalid'), 'the others are left alone').toBe(null);
  await gallery.expectAccessible();
  await points.fill('7');
  expect(await points.getAttribute('aria-invalid')).toBe(null);
  await gallery.page.getByRole('button', { name: 'Save', exact: true }).waitFor();
});

test('quiet hours that are not whole say so among themselves', async () => {
  await gallery.show('views/GroupSettings', { group: sampleGroup() });
  await gallery.page.getByRole('button', { name: 'Add quiet hours' }).click();
  const hours = gallery.page.getByRole('group', { name: 'Quiet hours' });
  await hours.getByLabel('What they do').selectOption('cycles are slower');
  await hours.getByText('The limit of quiet hours must be a number above 0.').waitFor();
  const limit = hours.getByLabel('at most, MiB a second');
  expect(await limit.getAttribute('aria-invalid')).toBe('true');
  await gallery.expectAccessible();
  await limit.fill('5');
  await hours.getByText('The limit of quiet hours').waitFor({ state: 'detached' });
  expect(await limit.getAttribute('aria-invalid')).toBe(null);
});

test('a limit under which the target cannot be kept is told, by what the last cycle read', async () => {
  const group = sampleGroup();
  const before = { groupName: group.name, operation: 'sync' as const, bytesCompared: 600 * 2 ** 20 };
  gallery.application.answer('runs.list', () => ({ runs: [sampleRun(before)] }));
  await gallery.show('views/GroupSettings', { group });
  await gallery.page.getByLabel(/^The newest point/).fill('2');
  const limit = gallery.page.getByLabel('Limit, MiB a second', { exact: true });
  await limit.fill('4');
  await gallery.sees(/^The last cycle read 600 MiB: under this limit that takes 3 min, so points get older/);
  await gallery.expectAccessible();
  await limit.fill('6');
  await gallery.page.getByText('The last cycle read').waitFor({ state: 'detached' });
});

test('what removes the group says what it waits for', async () => {
  await gallery.show('views/RemoveGroup', { name: 'erp-db' });
  const remove = named('Remove');
  await expect.poll(() => remove.getAttribute('aria-disabled')).toBe('true');
  await expect.poll(() => remove.innerText()).toMatch(/not now: type the group's name/);
  await gallery.page.getByLabel(/^Type the group's name/).fill('erp-db');
  await gallery.page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
  await expect.poll(() => remove.getAttribute('aria-disabled')).toBe('false');
  await gallery.expectAccessible();
});
