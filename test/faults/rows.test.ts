/** The table of faults has no empty row, and no test is about a row that is not there. */
import { expect, test } from 'vitest';
import { filesOfRows } from './row-files.ts';
import { rows } from './rows.ts';

test('every row has a test file, and every file a row', () => {
  const about = new Set([...filesOfRows().values()].flat());
  expect([...about].sort((a, b) => a - b)).toEqual(rows.map(({ number }) => number));
});
