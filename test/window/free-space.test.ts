/** What is free where something is to be made. */
import { expect, test } from 'vitest';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test.for([
  ['/srv', ''],
  ['/srv/rehearsal', ''],
  ['/srv/rehearsal/', ''],
  ['/srv/rehearsal/tuesday', ', on the file system of /srv: the rest of the path is not there yet'],
])('of %s: a folder to be made is no news, a whole path may be a disk that is not mounted', async ([path, more]) => {
  const listing = { path: '/srv', parent: '/', entries: [], freeBytes: 2 * 2 ** 30, fileSystem: '1', more: 0 };
  gallery.application.answer('files.browse', () => listing);
  await gallery.show('kit/FreeSpace', { path });
  await gallery.sees('2.0 GiB free there');
  expect(await gallery.text()).toBe(`2.0 GiB free there${more}`);
});
