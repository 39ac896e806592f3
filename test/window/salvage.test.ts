/** The page of a file that a comparison has saved. */
import { expect, test } from 'vitest';
import { SitepairError } from '../../src-main/contract/errors.ts';
import type { SalvageListing } from '../../src-main/contract/salvage.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

const listing: SalvageListing = {
  file: '/mnt/usb/a.salvage',
  fileBytes: 2 << 20,
  groupName: 'erp-db',
  site: 'primary',
  siteName: 'Hall A',
  basePoint: '1.4',
  at: '2026-03-01T12:00:00.000Z',
  pairs: [
    {
      pairId: 'p1',
      path: '/dev/vg0/pgdata',
      sizeBytes: 10 << 20,
      saved: { chunks: 8, bytes: 2 << 20 },
      ranges: [{ offset: 0, length: 2 << 20 }],
      rangesInAll: 1,
    },
    {
      pairId: 'p2',
      path: '/dev/vg0/wal',
      sizeBytes: 1 << 20,
      saved: { chunks: 0, bytes: 0 },
      ranges: [],
      rangesInAll: 0,
    },
  ],
};

test('a file is read and verified, and a pair of it is put onto a copy', async () => {
  gallery.application
    .answer('salvage.list', () => listing)
    .answer('salvage.apply', () => ({ written: { chunks: 8, bytes: 2 << 20 } }));
  await gallery.show('views/Salvage');
  await gallery.page.getByRole('textbox', { name: 'File' }).fill('/mnt/usb/a.salvage');
  await gallery.page.getByRole('button', { name: 'Read and verify' }).click();
  await gallery.sees('The file is whole: 2.0 MiB');
  await gallery.sees(/It holds what Hall A had of erp-db, changed since point 1\.4/);
  const pair = gallery.page.getByRole('region', { name: 'p1' });
  await pair.getByText('8 chunks, 2.0 MiB of 10.0 MiB').waitFor();
  const put = pair.getByRole('button', { name: 'Put onto the copy' });
  expect(await put.getAttribute('aria-disabled')).toBe('true');
  await pair.getByRole('textbox', { name: 'Copy to put p1 onto' }).fill('/srv/copy.img');
  await put.click();
  await gallery.page.getByRole('status').getByText('8 chunks (2.0 MiB) were put onto /srv/copy.img').waitFor();
  expect(gallery.application.received.at(-1)).toMatchObject({
    name: 'salvage.apply',
    input: { file: '/mnt/usb/a.salvage', pairId: 'p1', copy: '/srv/copy.img' },
  });
  // Nothing was saved of the other pair.
  expect(await gallery.page.getByRole('button', { name: 'Put onto the copy' }).count()).toBe(1);
  await gallery.expectAccessible();
});

test('one that is damaged says where', async () => {
  gallery.application.answer('salvage.list', () => {
    throw new SitepairError({
      code: 'salvage-damaged',
      message: 'The salvage file /x is damaged at byte 4096: a chunk does not match its digest.',
      where: '/x, byte 4096',
      remedy: 'Take another copy of it.',
    });
  });
  await gallery.show('views/Salvage');
  await gallery.page.getByRole('textbox', { name: 'File' }).fill('/x');
  await gallery.page.getByRole('button', { name: 'Read and verify' }).click();
  await gallery.page.getByRole('alert').getByText('is damaged at byte 4096').waitFor();
  expect(await gallery.page.getByRole('button', { name: 'Put onto the copy' }).count()).toBe(0);
});
