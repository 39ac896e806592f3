/** The ranges that a point could not read, as its record keeps them. */
import { expect, test } from 'vitest';
import { damagedPoint } from '../../src-main/store/cycle.ts';
import type { StoredPoint } from '../../src-main/store/record.ts';
import { isMix, isUnreadOnly, namedUnread, UnreadTally } from '../../src-main/store/unread.ts';

test('neighbours are one range, across chunks and strips, but not across pairs', () => {
  const tally = new UnreadTally();
  tally.add(1, { start: 0, end: 512 });
  tally.add(1, { start: 512, end: 1024 });
  tally.add(1, { start: 4096, end: 4608 });
  tally.add(3, { start: 4608, end: 5120 });
  expect(tally.pairs).toEqual([
    {
      number: 1,
      ranges: 2,
      bytes: 1536,
      first: [
        { offset: 0, length: 1024 },
        { offset: 4096, length: 512 },
      ],
    },
    { number: 3, ranges: 1, bytes: 512, first: [{ offset: 4608, length: 512 }] },
  ]);
});

test('of more ranges than are named all are counted, and the last that is named keeps its true length', () => {
  const tally = new UnreadTally();
  for (let n = 0; n < namedUnread; n += 1) tally.add(1, { start: n * 2048, end: n * 2048 + 512 });
  const end = (namedUnread - 1) * 2048 + 512;
  tally.add(1, { start: end, end: end + 512 });
  tally.add(1, { start: end + 4096, end: end + 4608 });
  tally.add(1, { start: end + 4608, end: end + 5120 });
  tally.add(5, { start: 0, end: 512 });
  const [first, second] = tally.pairs;
  expect(first).toMatchObject({ ranges: namedUnread + 1, bytes: (namedUnread + 3) * 512 });
  expect(first?.first).toHaveLength(namedUnread);
  expect(first?.first.at(-1)).toEqual({ offset: end - 512, length: 1024 });
  expect(second).toEqual({ number: 5, ranges: 1, bytes: 512, first: [] });
});

test('an incomplete point that is found damaged says both; a mix stays one', () => {
  const at = { epoch: 1, cycle: 1, at: '2026-03-01T12:00:00Z', consistency: 'crash', lacks: [], undo: [] } as const;
  const mix: StoredPoint = { ...at, lacks: [], undo: [], kind: 'before-reprotect', state: 'incomplete' };
  const unread = [{ number: 1, ranges: 1, bytes: 512, first: [{ offset: 0, length: 512 }] }];
  const lacking: StoredPoint = { ...mix, kind: 'cycle', unread };
  expect([isMix(mix), isUnreadOnly(mix), isMix(lacking), isUnreadOnly(lacking)]).toEqual([true, false, false, true]);
  expect(damagedPoint(lacking)).toMatchObject({ state: 'damaged', unread });
  expect(damagedPoint(mix).state).toBe('incomplete');
});
