/** The parts that every screen is made of, each in each of its states. */
import { expect, test } from 'vitest';
import { calls, cell, Gallery, html } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const longName = 'warehouse-management-and-label-printing.with-a-very-long-name-that-no-column-is-wide-enough-for';

/** Whether nothing sticks out of the window at the right. */
async function fits(): Promise<boolean> {
  return gallery.page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth');
}

test('a button is pressed with the pointer and from the keyboard', async () => {
  await gallery.show('kit/Button', { children: html('<span>Go on</span>'), kind: 'go', onclick: calls('pressed') });
  const button = gallery.page.getByRole('button', { name: 'Go on', exact: true });
  await button.click();
  await button.press('Enter');
  await button.press(' ');
  expect(await gallery.calledWith('pressed')).toHaveLength(3);
  await gallery.expectAccessible();
});

test('a button that is off says why, can be reached, and does nothing', async () => {
  await gallery.show('kit/Button', {
    children: html('<span>Fail over</span>'),
    kind: 'takes-over',
    href: '#/do/failover/erp',
    why: 'the stores cannot be read',
    onclick: calls('pressed'),
  });
  await gallery.page.keyboard.press('Tab');
  const button = gallery.page.getByRole('button', { name: /^Fail over ?, not now: the stores cannot be read$/ });
  await gallery.page.locator('.bubble').getByText('the stores cannot be read').waitFor();
  await gallery.expectAccessible();
  await button.press('Enter');
  await button.click({ force: true });
  expect(await gallery.calledWith('pressed')).toEqual([]);
  expect(await gallery.page.evaluate('location.hash')).toBe('');
  await gallery.expectAccessible();
});

test('a button with an address is a link', async () => {
  await gallery.show('kit/Button', { children: html('<span>See it</span>'), href: '#/groups/erp', small: true });
  await gallery.page.getByRole('link', { name: 'See it' }).click();
  expect(await gallery.page.evaluate('location.hash')).toBe('#/groups/erp');
  await gallery.expectAccessible();
});

for (const level of ['ok', 'warn', 'bad', 'unknown']) {
  test(`a status that is ${level} has a shape of its own beside its word`, async () => {
    await gallery.show('kit/Status', { level, children: html('<span>The word</span>') });
    await gallery.sees('The word');
    const shapes = { ok: 'circle-check', warn: 'triangle-alert', bad: 'octagon-x', unknown: 'circle-dashed' };
    expect(await gallery.page.locator('svg').getAttribute('class')).toContain(shapes[level as keyof typeof shapes]);
    await gallery.expectAccessible();
  });
}

test('an error says what happened, where and what to do, and its commands are links', async () => {
  const report = {
    code: 'read-failed',
    message: 'A block of the source cannot be read.',
    where: '/dev/vg0/db, offset 409600, length 4096',
    remedy: 'Replace the disk, then: sitepair resume erp',
  };
  await gallery.show('kit/ErrorNote', { report });
  const note = gallery.page.getByRole('alert');
  expect((await note.innerText()).split('\n').filter((line) => line !== '')).toEqual([
    report.message,
    report.where,
    'Replace the disk, then: Resume erp',
  ]);
  const link = note.getByRole('link', { name: 'Resume erp' });
  expect(await link.getAttribute('href')).toBe('#/do/resume/erp');
  await gallery.expectAccessible();
  await gallery.change({ report: { ...report, where: longName.repeat(3), message: `${longName.repeat(3)} is gone.` } });
  await gallery.sees('is gone.');
  expect(await fits()).toBe(true);
});

test('where the message names the place already, it is not said twice', async () => {
  await gallery.show('kit/ErrorNote', {
    report: { code: 'volume-lost', message: '/dev/vg0/db is gone.', where: '/dev/vg0/db', remedy: 'Bring it back.' },
  });
  expect(await gallery.text()).toBe('/dev/vg0/db is gone. Bring it back.');
  // The name of an argument says where only to who typed it.
  const report = { code: 'invalid-input', message: '"a b" cannot be a name.', where: 'NAME', remedy: 'Use letters.' };
  await gallery.change({ report });
  await gallery.sees('Use letters.');
  expect(await gallery.text()).toBe('"a b" cannot be a name. Use letters.');
});

test('a table has headings, rows and, where it is wide, a way to scroll it from the keyboard', async () => {
  await gallery.show('kit/Table', {
    label: 'Groups',
    headings: [{ title: 'Group' }],
    rows: [{ name: 'erp' }, { name: longName.repeat(3) }],
    row: cell('name'),
  });
  expect(await gallery.page.getByRole('columnheader').allInnerTexts()).toEqual(['Group']);
  expect(await gallery.page.getByRole('cell').first().innerText()).toBe('erp');
  expect(await fits()).toBe(true);
  await gallery.page.keyboard.press('Tab');
  expect(await gallery.page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Groups, as a table');
  await gallery.expectAccessible();
});

test('of a long table fifty rows are drawn, and more where they are asked for', async () => {
  const rows = Array.from({ length: 120 }, (_, n) => ({ name: `group-${n}` }));
  const headings = [{ title: 'Group' }];
  await gallery.show('kit/Table', { label: 'Groups', headings, rows, row: cell('name') });
  const cells = gallery.page.getByRole('cell');
  expect(await cells.count()).toBe(50);
  await gallery.sees('50 of 120 are shown.');
  await gallery.expectAccessible();
  await gallery.page.getByRole('button', { name: 'Show 50 more' }).click();
  await gallery.page.getByRole('button', { name: 'Show 20 more' }).click();
  expect(await cells.count()).toBe(120);
  expect(await gallery.page.getByRole('button', { name: /^Show/ }).count()).toBe(0);
});

for (const [toB, way, label] of [
  [true, ', from A to B', '3 min behind, target 15 min'],
  [false, ', from B to A', '47 %, 12 to 16 min left'],
] as const) {
  test(`the wire says which way it runs${way}`, async () => {
    await gallery.show('kit/Wire', { link: { toB, broken: false, label } });
    expect(await gallery.page.locator('.label').innerText()).toContain(label);
    expect(await gallery.page.locator('.label').textContent()).toBe(`${label}${way}`);
    await gallery.expectAccessible();
  });
}

test('a broken wire has no arrow', async () => {
  await gallery.show('kit/Wire', { link: { toB: true, broken: true, label: 'broken at failover' } });
  expect(await gallery.page.locator('.label').textContent()).toBe('broken at failover');
  expect(await gallery.page.locator('.tip').count()).toBe(0);
  await gallery.expectAccessible();
});

test('a field is named, explained and bound, and hears Enter', async () => {
  const properties = {
    label: 'Points to keep',
    value: '24',
    note: 'The oldest goes first.',
    onenter: calls('entered'),
  };
  await gallery.show('kit/Field', properties);
  const field = gallery.page.getByRole('textbox', { name: 'Points to keep', description: properties.note });
  expect(await field.inputValue()).toBe('24');
  await field.fill('7');
  await field.press('Enter');
  expect(await gallery.property('value')).toBe('7');
  expect(await gallery.calledWith('entered')).toEqual([[]]);
  await gallery.expectAccessible();
});
