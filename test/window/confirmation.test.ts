/** The name typed under what will be lost, and the reason beside it. */
import { expect, test } from 'vitest';
import { calls, Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('a confirmation wants the name typed, and hears Enter in both fields', async () => {
  const properties = { of: 'group', name: 'erp-db', typed: '', reason: '', reasonNote: 'may stay empty' };
  await gallery.show('wizards/Confirmation', { ...properties, onenter: calls('entered') });
  const field = gallery.page.getByRole('textbox', { name: "Type the group's name, erp-db, to go on" });
  await field.fill('erp-db');
  await field.press('Enter');
  // The reason comes after what is always wanted, and is heard as well.
  await gallery.page.keyboard.press('Tab');
  await gallery.page.keyboard.type('Fire');
  await gallery.page.keyboard.press('Enter');
  expect([await gallery.property('typed'), await gallery.property('reason')]).toEqual(['erp-db', 'Fire']);
  expect(await gallery.calledWith('entered')).toEqual([[], []]);
  await gallery.expectAccessible();
});

test('where no reason is asked for, the name is the only field', async () => {
  await gallery.show('wizards/Confirmation', { of: 'plan', name: 'hall-a', typed: '', onenter: calls('entered') });
  await gallery.page.getByLabel("Type the plan's name, hall-a, to go on").waitFor();
  expect(await gallery.page.getByRole('textbox').count()).toBe(1);
  await gallery.expectAccessible();
});
