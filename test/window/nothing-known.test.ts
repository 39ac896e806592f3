/** Pages that have nothing to show say so; where it could not be read, nothing is said to be well, or not there. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const unreadable = new SitepairError({
  code: 'catalog-unusable',
  message: 'The catalog was moved away.',
  remedy: 'Start again.',
});

function fail(): never {
  throw unreadable;
}

async function open(address: string): Promise<void> {
  await gallery.show('App');
  await gallery.page.evaluate(`location.hash = '${address}'`);
}

test.each([
  ['#/groups', 'No group yet.'],
  ['#/plans', 'No plan yet.'],
  ['#/runs', 'No runs yet.'],
  ['#/audit', 'Nothing was done yet.'],
])('%s with nothing on it says "%s", and counts no last 0', async (address, words) => {
  gallery.application
    .answer('failover-plans.list', () => ({ plans: [] }))
    .answer('audit.list', () => ({ entries: [] }));
  await open(address);
  await gallery.sees(words);
  expect(await gallery.text()).not.toContain('The last 0');
  expect(await gallery.page.getByRole('table').count()).toBe(0);
  await gallery.expectAccessible();
});

test.each(['#/overview', '#/groups', '#/plans', '#/runs', '#/audit'])(
  '%s says nothing of what could not be read',
  async (address) => {
    for (const name of ['groups.list', 'failover-plans.list', 'runs.list', 'audit.list'] as const) {
      gallery.application.answer(name, fail);
    }
    await open(address);
    await gallery.sees('The catalog was moved away.');
    const text = await gallery.text();
    for (const said of ['healthy', 'Nothing runs', '0 groups', '0 failover plans', ' yet', 'Groups 0']) {
      expect(text).not.toContain(said);
    }
  },
);

test('where what was known before is still shown, it is not called well any more', async () => {
  gallery.application.answer('groups.list', () => ({ groups: [sampleGroup()] }));
  await open('#/overview');
  await gallery.sees('Nothing runs.');
  gallery.application.answer('groups.list', fail);
  gallery.application.push('state.changed', {});
  await gallery.sees('The catalog was moved away.');
  await gallery.page.getByRole('link', { name: 'erp-db' }).first().waitFor();
  const text = await gallery.text();
  for (const said of ['All groups are healthy', 'Nothing runs']) expect(text).not.toContain(said);
});
