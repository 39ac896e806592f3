/** Making a group in the window: what is wrong with a step is said there, and leaving while it is made. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { startingChoices } from '../../src-renderer/wizards/choices.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';
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

const press = (name: string): Promise<void> => gallery.page.getByRole('button', { name, exact: true }).click();

/** Fills the wizard and has the group made; gives what lets that end. */
async function make(create: () => { group: ReturnType<typeof sampleGroup> }): Promise<() => void> {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  gallery.application
    .answer('groups.list', () => ({ groups: [sampleGroup({ id: 'g-2', name: 'mail' })] }))
    .answer('files.browse', ({ path }) => ({ path, parent: '/', entries: [], more: 0, freeBytes: 1, fileSystem: '1' }))
    .answer('groups.look', () => ({ objections: [] }))
    .answer('groups.create', async () => {
      await ended;
      return create();
    });
  await gallery.show('App');
  await gallery.page.evaluate("location.hash = '#/protect'");
  const fill = (label: RegExp, value: string): Promise<void> => gallery.page.getByLabel(label).first().fill(value);
  await fill(/^Name/, 'erp-db');
  await press('Next');
  await fill(/^Volume at/, '/a');
  await fill(/^Counterpart at/, '/b');
  await press('Next');
  await fill(/^Store at Hall A/, '/s');
  await fill(/^Store at Hall B/, '/t');
  await press('Next');
  await press('Make the group');
  await gallery.page.getByRole('status').getByText('Making the group…').waitFor();
  return end;
}

test('each step begins in its first empty field, and the review says how large the volumes are', async () => {
  const entries = [
    { name: 'a', path: '/a', kind: 'file' as const, sizeBytes: 3 * 1024 ** 3 },
    { name: 'd', path: '/d', kind: 'directory' as const, sizeBytes: null },
  ];
  gallery.application
    .answer('groups.list', () => ({ groups: [] }))
    .answer('files.browse', ({ path }) => ({
      path,
      parent: '/',
      entries,
      more: 0,
      freeBytes: 5 * 1024 ** 3,
      fileSystem: '1',
    }))
    .answer('groups.look', () => ({ objections: [] }));
  await gallery.show('wizards/ProtectWizard');
  const type = async (...values: string[]): Promise<void> => {
    for (const [n, value] of values.entries()) {
      if (n > 0) await gallery.page.keyboard.press('Tab');
      await gallery.page.keyboard.type(value);
    }
    await gallery.page.keyboard.press('Enter');
  };
  await type('erp', 'Hall A', 'Hall B');
  await gallery.page.getByRole('heading', { name: 'Volumes' }).waitFor();
  await gallery.page.keyboard.type('/a');
  expect(
    await gallery.page
      .getByLabel(/^Volume at Hall A/)
      .first()
      .inputValue(),
  ).toBe('/a');
  await gallery.page
    .getByLabel(/^Counterpart at/)
    .first()
    .fill('/b');
  await gallery.page.keyboard.press('Enter');
  await gallery.page.getByRole('heading', { name: 'Stores and policy' }).waitFor();
  await gallery.page.keyboard.type('/s');
  await gallery.sees('5.0 GiB free there');
  await gallery.page.getByLabel(/^Store at Hall B/).fill('/t');
  await gallery.page.keyboard.press('Enter');
  await gallery.page.getByRole('listitem').getByText('3.0 GiB').waitFor();
  await gallery.expectAccessible();
});

test('a pair that is added has the keyboard in its first field', async () => {
  gallery.application
    .answer('groups.list', () => ({ groups: [] }))
    .answer('files.browse', ({ path }) => ({ path, parent: '/', entries: [], more: 0, freeBytes: 1, fileSystem: '1' }))
    .answer('groups.look', () => ({ objections: [] }));
  await gallery.show('wizards/ProtectWizard');
  await gallery.page.getByLabel('Name of the group').fill('erp');
  await gallery.page.getByLabel(/^Primary site/).fill('Hall A');
  await gallery.page.getByLabel(/^Recovery site/).fill('Hall B');
  await press('Next');
  const volumes = gallery.page.getByRole('textbox', { name: 'Volume at Hall A' });
  await volumes.first().fill('/a');
  for (const [n, path] of ['/b', '/c'].entries()) {
    await gallery.page.getByRole('button', { name: 'Add a pair' }).press('Enter');
    await gallery.page.keyboard.type(path);
    expect(await volumes.nth(n + 1).inputValue()).toBe(path);
  }
  // One that goes takes the keyboard nowhere.
  await gallery.page.getByRole('button', { name: 'Remove' }).first().click();
  expect(await gallery.page.evaluate('document.activeElement.tagName')).not.toBe('INPUT');
  expect(await volumes.first().inputValue()).toBe('/b');
});

test('stores on one disk are told of as they are typed, and stores apart are not', async () => {
  gallery.application.answer('files.browse', ({ path }) => {
    const fileSystem = path.startsWith('/srv/b') ? '2' : '1';
    return { path, parent: '/', entries: [], more: 0, freeBytes: 2 ** 30, fileSystem };
  });
  const sites = { primarySite: 'Hall A', recoverySite: 'Hall B' };
  await gallery.show('wizards/steps/StoreFields', { ...sites, primaryStore: '/srv/a/store', recoveryStore: '' });
  const other = gallery.page.getByLabel('Store at Hall B').first();
  await other.fill('/srv/store');
  await gallery.page.getByRole('status').getByText('Both lie on one file system').waitFor();
  await gallery.expectAccessible();
  await other.fill('/srv/b/store');
  await gallery.page.getByText('Both lie on one file system').waitFor({ state: 'detached' });
});

test('a counterpart says what becomes of what lies there', async () => {
  const entries = [
    { name: 'old.img', path: '/r/old.img', kind: 'file' as const, sizeBytes: 2 ** 30 },
    { name: 'disk', path: '/r/disk', kind: 'block-device' as const, sizeBytes: null },
    { name: 'folder', path: '/r/folder', kind: 'directory' as const, sizeBytes: null },
  ];
  gallery.application.answer('files.browse', ({ path }) => {
    if (path !== '/r') throw new SitepairError({ code: 'invalid-input', message: 'Gone.', remedy: 'Look elsewhere.' });
    return { path, parent: '/', entries, more: 0, freeBytes: 2 ** 30, fileSystem: '1' };
  });
  await gallery.show('wizards/steps/CounterpartField', {
    label: 'Counterpart at Hall B',
    value: '',
    source: '/p/db.img',
  });
  const path = gallery.page.getByLabel('Counterpart at Hall B').first();
  const overwritten = 'What is on it will be overwritten. The seed looks first';
  const either = 'A file is made where nothing is. What is on one that is there, or on a device, will be overwritten.';
  const cases = [
    ['/dev/vg7/db', overwritten],
    ['/r/new.img', 'A file is made there.'],
    ['/r/old.img', overwritten],
    ['/r/folder', 'This is a folder: give the file in it'],
    ['/r/disk', overwritten],
    ['', either],
    ['/gone/new.img', either],
  ] as const;
  for (const [typed, said] of cases) {
    await path.fill(typed);
    await gallery.sees(said);
    expect(await gallery.text()).not.toContain(said === overwritten ? 'is made' : 'The seed looks first');
  }
  // A new file is chosen in the folder that is open, named after the volume that it is the counterpart of.
  await path.fill('/r/');
  await gallery.page.getByRole('button', { name: 'Browse for Counterpart at Hall B' }).click();
  await gallery.page.getByRole('button', { name: 'db.img a new file here' }).click();
  expect(await gallery.property('value')).toBe('/r/db.img');
  await gallery.sees('A file is made there.');
  await gallery.expectAccessible();
});

test('the review says what lies where a counterpart is to be, as far as that is known', async () => {
  const entries = [{ name: 'old.img', path: '/r/old.img', kind: 'file' as const, sizeBytes: 2 ** 30 }];
  const shows = async (path: string, more: number): Promise<string> => {
    const listing = { path: '/r', parent: '/', entries, more, freeBytes: 2 ** 31, fileSystem: '1' };
    gallery.application.answer('files.browse', () => listing);
    await gallery.show('wizards/steps/CounterpartStanding', { path });
    await gallery.sees(path === '/r/old.img' ? '1.0 GiB' : '2.0 GiB free');
    return gallery.text();
  };
  expect(await shows('/r/old.img', 0)).toMatch(/1\.0 GiB is there already: what it holds will be overwritten/);
  expect(await shows('/r/new.img', 0)).toMatch(/a new file, 2\.0 GiB free/);
  expect(await shows('/r/new.img', 7)).not.toContain('a new file');
});

test('while a group is made nothing cancels it, and whoever leaves is told and taken nowhere', async () => {
  const end = await make(() => ({ group: sampleGroup() }));
  await gallery.sees('Leaving does not stop it: the group is being made.');
  expect(await gallery.page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  await gallery.expectAccessible();
  await press('Leave');
  await gallery.page.evaluate("location.hash = '#/runs'");
  await gallery.page.getByText('Making the group…').waitFor({ state: 'detached' });
  end();
  await gallery.page.getByRole('link', { name: 'The group erp-db was made' }).waitFor();
  expect(await gallery.page.evaluate('location.hash')).toBe('#/runs');
});

test('that it could not be made is told to whoever left', async () => {
  const end = await make(() => {
    throw new SitepairError({ code: 'store-unread', message: 'The store /s is unread.', remedy: 'Mount it.' });
  });
  await gallery.page.keyboard.press('Escape');
  await gallery.page.waitForURL(/#\/overview$/);
  // The address changes a little before the wizard is gone.
  await gallery.page.getByText('Making the group…').waitFor({ state: 'detached' });
  end();
  await gallery.page.getByRole('link', { name: 'The group erp-db could not be made' }).waitFor();
  await gallery.sees('The store /s is unread. Mount it.');
  expect(await gallery.page.evaluate('location.hash')).toBe('#/overview');
});

test('what was filled in is there again after leaving, and is gone once it is discarded', async () => {
  gallery.application.answer('groups.list', () => ({ groups: [] })).answer('groups.look', () => ({ objections: [] }));
  await gallery.show('App');
  const open = (): Promise<unknown> => gallery.page.evaluate("location.hash = '#/protect'");
  await open();
  await gallery.page.getByLabel('Name of the group').fill('erp');
  await gallery.page.getByLabel(/^Primary site/).fill('Hall A');
  await gallery.page.getByLabel(/^Recovery site/).fill('Hall B');
  await press('Next');
  await gallery.page
    .getByLabel(/^Volume at Hall A/)
    .first()
    .fill('/dev/vg0/db');
  await gallery.page.keyboard.press('Escape');
  await gallery.page.getByRole('heading', { name: 'Volumes' }).waitFor({ state: 'detached' });
  await open();
  await gallery.page.getByRole('heading', { name: 'Volumes' }).waitFor();
  expect(
    await gallery.page
      .getByLabel(/^Volume at Hall A/)
      .first()
      .inputValue(),
  ).toBe('/dev/vg0/db');
  await gallery.expectAccessible();
  await press('Discard');
  await gallery.page.getByRole('heading', { name: 'Volumes' }).waitFor({ state: 'detached' });
  await open();
  expect(await gallery.page.getByLabel('Name of the group').inputValue()).toBe('');
});

test('the seed says that points may be fuzzy, where no command before the cycle holds production still', async () => {
  const shown = async (beforeCycle: string | null): Promise<string> => {
    const group = sampleGroup({ phase: 'unprotected', points: [] });
    const choices = startingChoices('');
    const policy = { ...group.policy, beforeCycle };
    await gallery.show('wizards/steps/ChoicesStep', { operation: 'protect', group: { ...group, policy }, choices });
    await gallery.page.getByRole('heading', { level: 1 }).waitFor();
    return gallery.text();
  };
  expect(await shown(null)).toMatch(
    /Where production writes while a cycle reads, the point may be fuzzy, .* unless a command before the cycle .*: Settings of erp-db/,
  );
  await gallery.expectAccessible();
  expect(await shown('/etc/sitepair/quiesce')).not.toContain('fuzzy');
});
