/** A path, typed or chosen in a browser of its own. */
import { expect, test } from 'vitest';
import type { DirectoryEntry, DirectoryListing, VolumeListing } from '../../src-main/contract/machine.ts';
import { SitepairError } from '../../src-main/contract/errors.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();
const longName = `${'a-name-as-long-as-a-file-system-takes-it.'.repeat(6)}img`;

function entry(name: string, kind: DirectoryEntry['kind'], sizeBytes: number | null = null): DirectoryEntry {
  return { name, path: `/srv/${name}`, kind, sizeBytes };
}

function folder(path: string, changes: Partial<DirectoryListing> = {}): DirectoryListing {
  return {
    path,
    parent: path === '/' ? null : '/',
    entries: [],
    freeBytes: 3 * 2 ** 30,
    fileSystem: '1',
    more: 0,
    ...changes,
  };
}

function device(path: string, inUseBy: string[]): VolumeListing {
  const nothing = {
    usedBytes: null,
    fileSystem: null,
    mountPoints: [],
    network: null,
    serial: null,
    model: null,
    label: null,
  };
  return { ...nothing, path, kind: 'block-device', sizeBytes: 2 ** 30, inUseBy, readOnly: false };
}

async function open(wants: 'volume' | 'directory', value = '/srv/db.img'): Promise<void> {
  await gallery.show('kit/PathField', { label: 'Volume at Hall A', wants, value, note: 'It is only read.' });
  await gallery.page.getByRole('button', { name: 'Browse for Volume at Hall A' }).click();
  await gallery.page.getByRole('dialog', { name: 'Volume at Hall A' }).waitFor();
}

function press(name: string | RegExp): Promise<void> {
  return gallery.page.getByRole('dialog').getByRole('button', { name }).click();
}

test('a path is typed', async () => {
  await gallery.show('kit/PathField', {
    label: 'Volume at Hall A',
    wants: 'volume',
    value: '',
    note: 'It is only read.',
  });
  await gallery.page.getByLabel('Volume at Hall A').first().fill('/dev/vg0/db');
  expect(await gallery.property('value')).toBe('/dev/vg0/db');
  await gallery.expectAccessible();
});

test('it begins in the folder of what was typed, goes into folders and takes a file', async () => {
  const listings: Record<string, DirectoryListing> = {
    '/srv': folder('/srv', { entries: [entry('old', 'directory'), entry('db.img', 'file', 2 ** 20)] }),
    '/srv/old': folder('/srv/old', { parent: '/srv', entries: [entry('old/db.img', 'file', 2 ** 21)] }),
  };
  gallery.application.answer('files.browse', ({ path }) => listings[path] ?? folder('/'));
  await open('volume');
  await gallery.sees('/srv, 3.0 GiB free');
  await gallery.expectAccessible();
  await press(/^old/);
  await gallery.sees('2.0 MiB');
  await press(/the folder above/);
  await gallery.sees('1.0 MiB');
  await press(/db\.img/);
  await gallery.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await gallery.property('value')).toBe('/srv/db.img');
});

test('where a folder is wanted no file can be taken, and the folder that is open can', async () => {
  gallery.application.answer('files.browse', () =>
    folder('/srv', { entries: [entry('db.img', 'file', 1), entry('store', 'directory')] }),
  );
  await open('directory', '/srv/st');
  expect(await gallery.page.getByRole('button', { name: /db\.img/ }).isDisabled()).toBe(true);
  expect(await gallery.page.getByRole('button', { name: 'Block devices' }).count()).toBe(0);
  await press('Choose this folder');
  expect(await gallery.property('value')).toBe('/srv');
});

test('block devices are listed with who uses them, and folders again', async () => {
  gallery.application.answer('files.browse', () => folder('/srv'));
  gallery.application.answer('volumes.list', () => ({
    volumes: [
      device('/dev/sdb', []),
      {
        ...device('/dev/sdc', ['mounted at /srv']),
        fileSystem: 'ext4',
        label: 'crm',
        model: 'Disk of crm',
        serial: 'S1',
      },
      { ...device('/mnt', []), kind: 'file-system' as const },
    ],
  }));
  await open('volume');
  await press('Block devices');
  await gallery.sees('Block devices of this machine');
  await gallery.sees('ext4, labelled crm, Disk of crm, serial S1, mounted at /srv');
  expect(await gallery.page.getByRole('dialog').getByText('/mnt').count()).toBe(0);
  await gallery.expectAccessible();
  await press('Folders');
  await gallery.sees('3.0 GiB free');
  await press('Block devices');
  await press(/\/dev\/sdb/);
  expect(await gallery.property('value')).toBe('/dev/sdb');
});

test('an empty folder offers the way up, and Escape changes nothing', async () => {
  gallery.application.answer('files.browse', () => folder('/srv/empty'));
  await open('volume', '/srv/empty/');
  await gallery.sees('/srv/empty, 3.0 GiB free');
  expect(await gallery.page.getByRole('listitem').count()).toBe(1);
  await gallery.page.keyboard.press('Escape');
  await gallery.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await gallery.property('value')).toBe('/srv/empty/');
  expect(await gallery.page.evaluate('document.activeElement.textContent')).toMatch(/^Browse ?for Volume at Hall A$/);
});

test('a folder that cannot be read says so, and what to do', async () => {
  gallery.application.answer('files.browse', ({ path }) => {
    throw new SitepairError({
      code: 'permission-denied',
      message: `${path} may not be read by this user.`,
      remedy: 'Type the path, or start Sitepair as another user.',
    });
  });
  await open('volume', '/root/secret');
  await gallery.sees('/root may not be read by this user.');
  await gallery.expectAccessible();
});

test('from a folder that is not there it begins at the nearest one above', async () => {
  gallery.application.answer('files.browse', ({ path }) => {
    if (path === '/mnt') return folder('/mnt', { parent: '/' });
    throw new SitepairError({ code: 'invalid-input', message: `There is no ${path}.`, remedy: 'Choose another.' });
  });
  await open('directory', '/mnt/dr/stores/erp');
  await gallery.sees('There is no /mnt/dr/stores.');
  await gallery.sees('/mnt, 3.0 GiB free');
  await gallery.expectAccessible();
  await press('Choose this folder');
  expect(await gallery.property('value')).toBe('/mnt');
});

test('a folder that does not answer is said to, and another one can be looked into', async () => {
  await gallery.page.clock.install();
  let late = (): void => undefined;
  const hung = new Promise<void>((resolve) => {
    late = resolve;
  });
  gallery.application.answer('files.browse', async ({ path }) => {
    if (path === '/srv/hung') await hung;
    return folder(path, { parent: '/', entries: [entry('hung', 'directory'), entry('db.img', 'file', 2 ** 20)] });
  });
  await open('volume');
  await gallery.sees('1.0 MiB');
  await press(/^hung/);
  await gallery.page.getByRole('status').getByText('Looking…').waitFor();
  await gallery.page.clock.fastForward(16_000);
  await gallery.sees('/srv/hung did not answer within 15 s.');
  await gallery.expectAccessible();
  late();
  await press(/db\.img/);
  expect(await gallery.property('value')).toBe('/srv/db.img');
});

test('very long names and very many of them stay within the dialog', async () => {
  const entries = Array.from({ length: 500 }, (_, n) => entry(`${n}-${longName}`, 'file', n));
  gallery.application.answer('files.browse', () => folder('/srv', { entries, more: 12_000 }));
  await open('volume');
  await gallery.sees('12000 more are not shown: type the path.');
  const sticksOut = `[...document.querySelectorAll('[role=dialog], [role=dialog] li')]
    .some((node) => node.scrollWidth > node.clientWidth || node.getBoundingClientRect().right > innerWidth)`;
  expect(await gallery.page.evaluate(sticksOut)).toBe(false);
  expect(await gallery.page.evaluate('document.documentElement.scrollHeight <= innerHeight')).toBe(true);
  await press('Cancel');
});
