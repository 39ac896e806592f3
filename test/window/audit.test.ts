/** The page of the audit log: what was done, in detail, and all that came before. */
import { expect, test } from 'vitest';
import { detailWords } from '../../src-renderer/state/audit-words.ts';
import { Gallery } from './gallery-window.ts';

const gallery = Gallery.ofThisFile();

test('the facts of an entry are said in words', () => {
  expect(detailWords('{"bytesPerSecond":4194304,"client":"electron"}')).toBe(
    'bytes per second: 4.0 MiB; client: electron',
  );
  expect(
    detailWords('{"name":"erp","policy":{"keepPoints":23,"afterCycle":null},"paths":[],"confirmHooks":true}'),
  ).toBe('policy: keep points 23, after cycle none; confirm hooks: yes');
  expect(detailWords('{"accepted":[{"check":"replica-intact","found":"1 chunk differs"}]}')).toBe(
    'accepted: check replica-intact, found 1 chunk differs',
  );
  const started = '{"operation":"sync","attended":true,"seen":{"id":"g-1","version":4},"reason":"ticket 4711"}';
  expect(detailWords(started), 'what only the program reads is left out').toBe('reason: ticket 4711');
  expect(detailWords('{"cut off')).toBe('{"cut off');
});

test('what was done is said in detail, and all entries are reached page by page, and back', async () => {
  gallery.application.answer('audit.list', ({ limit, before = 126 }) => ({
    entries: Array.from({ length: Math.min(limit, before - 1) }, (_, n) => ({
      sequence: before - 1 - n,
      at: '2026-05-04T12:02:31.000Z',
      operator: 'mira',
      action: 'sync limit asked',
      groupName: 'erp-db',
      runId: null,
      detail: `{"bytesPerSecond":${(before - 1 - n) * 1024}}`,
      hash: 'ab',
    })),
  }));
  await gallery.show('views/Audit');
  await gallery.sees('bytes per second: 125 KiB');
  const older = gallery.page.getByRole('button', { name: 'Older' });
  for (const first of ['75.0 KiB', '25.0 KiB']) {
    await older.click();
    await gallery.sees(`bytes per second: ${first}`);
  }
  await gallery.sees('bytes per second: 1.0 KiB');
  await gallery.page.getByRole('status').getByText('Entries before no. 26, newest first').waitFor();
  expect(await older.getAttribute('aria-disabled')).toBe('true');
  await gallery.page.getByRole('button', { name: 'Newer' }).click();
  await gallery.sees('bytes per second: 75.0 KiB');
  await gallery.expectAccessible();
});
