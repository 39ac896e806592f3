/** How old points were: kept over restarts, thinned out with age, and gone with the group. */
import { expect, test } from 'vitest';
import { LagBook } from '../../src-main/catalog/lag.ts';
import { emptyDirectory, openedCatalog } from './fixtures.ts';

const id = 'a'.repeat(32);
const day = 86_400_000;
const now = Date.parse('2026-11-21T12:00:00Z');

function catalogWithGroup(directory: string): ReturnType<typeof openedCatalog> {
  const catalog = openedCatalog(directory);
  catalog.write((database) =>
    database
      .prepare(`INSERT INTO groups (id, name, definition, confirmed_commands) VALUES (?, 'erp', '{}', '[]')`)
      .run(id),
  );
  return catalog;
}

test('what was noted is there after a restart, oldest first, and from the asked moment on', () => {
  const directory = emptyDirectory();
  const book = new LagBook(catalogWithGroup(directory));
  for (const minute of [3, 1, 2]) book.note([{ groupId: id, at: now + minute * 60_000, ageSeconds: minute * 60.4 }]);
  const again = new LagBook(openedCatalog(directory));
  expect(again.since(id, new Date(now + 60_001))).toEqual([
    { at: '2026-11-21T12:01:00.000Z', ageSeconds: 60 },
    { at: '2026-11-21T12:02:00.000Z', ageSeconds: 121 },
    { at: '2026-11-21T12:03:00.000Z', ageSeconds: 181 },
  ]);
});

test('what a clock that was ahead has noted counts only once it is the past', () => {
  const book = new LagBook(catalogWithGroup(emptyDirectory()));
  const notes = [
    { at: now - 60_000, ageSeconds: 20 },
    { at: now + 3_600_000, ageSeconds: 3600 },
  ];
  book.note(notes.map((note) => ({ ...note, groupId: id })));
  const agesUntil = (until: number): number[] =>
    book.since(id, new Date(0), new Date(until)).map(({ ageSeconds }) => ageSeconds);
  expect(agesUntil(now)).toEqual([20]);
  expect(agesUntil(now + 3_600_000)).toEqual([20, 3600]);
  expect(book.lastPoint(id, now)).toBe(now - 80_000);
  expect(book.lastPoint(id, now + 3_600_000)).toBe(now);
});

test('of what is old the greatest age of each span stays, and of what is very old nothing', () => {
  const book = new LagBook(catalogWithGroup(emptyDirectory()));
  const notes = [
    { at: now - 401 * day, ageSeconds: 1 },
    // An hour, of which one stays.
    ...[0, 20, 40].map((minutes) => ({ at: now - 20 * day + minutes * 60_000, ageSeconds: 100 + minutes })),
    // Ten minutes, of which one stays, and the next ten.
    ...[0, 1, 9, 10].map((minutes) => ({ at: now - 3 * day + minutes * 60_000, ageSeconds: 900 - minutes })),
    ...[2, 1].map((minutes) => ({ at: now - day - minutes * 60_000, ageSeconds: minutes })),
  ];
  book.note([...notes, { at: now, ageSeconds: 5 }].toReversed().map((note) => ({ ...note, groupId: id })));
  expect(book.since(id, new Date(0)).map(({ ageSeconds }) => ageSeconds)).toEqual([140, 900, 890, 2, 1, 5]);
});

test('two months of samples take no more rows than that allows', () => {
  const book = new LagBook(catalogWithGroup(emptyDirectory()));
  for (let at = now - 60 * day; at <= now; at += day) {
    const minutes = Array.from({ length: 1440 }, (_, n) => n);
    // The newest first: it says when it is thinned.
    book.note(minutes.toReversed().map((n) => ({ groupId: id, at: at + n * 60_000, ageSeconds: n % 17 })));
  }
  const rows = book.since(id, new Date(0)).length;
  expect(rows).toBeLessThan(3 * 1440 + 12 * 144 + 48 * 24);
  expect(rows).toBeGreaterThan(2 * 1440 + 12 * 144);
});

test('a group that was removed takes its samples along, and gets none after', () => {
  const catalog = catalogWithGroup(emptyDirectory());
  const book = new LagBook(catalog);
  book.note([{ groupId: id, at: now, ageSeconds: 1 }]);
  catalog.write((database) => database.prepare('DELETE FROM groups').run());
  book.note([{ groupId: id, at: now + 1000, ageSeconds: 2 }]);
  expect(book.since(id, new Date(0))).toEqual([]);
});
