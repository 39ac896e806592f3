/** The table of faults has no empty row, and no test is about a row that is not there. */
import { expect, test } from 'vitest';
import { filesOfRows } from './row-files.ts';
import { rows } from './rows.ts';

test('every row has a test file, and every file a row', () => {
  const about = new Set([...filesOfRows().values()].flat());
  const rule = 'a row is a line in rows.ts, and a test file whose first comment says "FAULTS, row" and its number';
  expect(
    [...about].sort((a, b) => a - b),
    rule,
  ).toEqual(rows.map(({ number }) => number));
});
