/** Quiet hours, in a time zone that changes to summer time and back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allowanceAt, nextChange } from '../../../src-main/app/schedule/quiet-hours.ts';
import type { QuietHours } from '../../../src-main/contract/groups.ts';

const zone = process.env['TZ'];
beforeAll(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const office: QuietHours = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', limitBytesPerSecond: null };
const night: QuietHours = { days: [5], from: '22:00', to: '06:00', limitBytesPerSecond: null };
const slow: QuietHours = { days: everyDay, from: '12:00', to: '13:00', limitBytesPerSecond: 1000 };

test.each([
  ['a Thursday before', '2026-11-19T07:59:00', true],
  ['a Thursday, the first minute', '2026-11-19T08:00:00', false],
  ['a Thursday, the last minute', '2026-11-19T17:59:59', false],
  ['a Thursday after', '2026-11-19T18:00:00', true],
  ['a Saturday', '2026-11-21T10:00:00', true],
])('in office hours no cycle begins: %s', (_, at, mayBegin) => {
  expect(allowanceAt([office], null, new Date(at)).mayBegin).toBe(mayBegin);
});

test.each([
  ['the day before', '2026-11-20T05:00:00', true],
  ['the evening', '2026-11-20T23:00:00', false],
  ['the morning after', '2026-11-21T05:59:00', false],
  ['when it ends', '2026-11-21T06:00:00', true],
  ['the night after', '2026-11-21T23:00:00', true],
])('a night begins on its day and ends on the next: %s', (_, at, mayBegin) => {
  expect(allowanceAt([night], null, new Date(at)).mayBegin).toBe(mayBegin);
});

test('the least limit holds, and hours that only slow down keep nothing from beginning', () => {
  const noon = new Date('2026-11-21T12:30:00');
  expect(allowanceAt([slow], null, noon)).toEqual({ mayBegin: true, limitBytesPerSecond: 1000 });
  expect(allowanceAt([slow], 500, noon)).toEqual({ mayBegin: true, limitBytesPerSecond: 500 });
  expect(allowanceAt([slow], 5000, new Date('2026-11-21T13:00:00')).limitBytesPerSecond).toBe(5000);
});

test('the next change is that on the clock of the machine, and none where nothing changes', () => {
  expect(next([slow], '2026-11-21T12:30:00')).toBe(Infinity);
  expect(next([office], '2026-11-20T17:30:20')).toBe(Date.parse('2026-11-20T18:00:00'));
  // From Friday evening to Monday morning.
  expect(next([office], '2026-11-20T18:00:00')).toBe(Date.parse('2026-11-23T08:00:00'));
  const all = everyDay.map((day) => ({ ...office, days: [day], from: '00:00', to: '00:00' }));
  expect(next(all, '2026-11-20T18:00:00')).toBe(Infinity);
});

test('a night in which the clock is changed is an hour shorter or longer', () => {
  const sleep: QuietHours = { days: everyDay, from: '00:00', to: '06:00', limitBytesPerSecond: null };
  const lasts = (from: string): number => next([sleep], from) - Date.parse(from);
  expect(lasts('2026-03-29T00:00:00')).toBe(5 * 3_600_000);
  expect(lasts('2026-10-25T00:00:00')).toBe(7 * 3_600_000);
});

test('hours that begin in an hour that is skipped begin after it, and an hour that comes twice is quiet twice', () => {
  const early: QuietHours = { days: everyDay, from: '02:15', to: '02:45', limitBytesPerSecond: null };
  // At 02:00 the clock goes to 03:00.
  expect(next([early], '2026-03-29T00:00:00')).toBe(Date.parse('2026-03-30T02:15:00'));
  // At 03:00 it goes back to 02:00.
  const first = next([early], '2026-10-25T01:00:00');
  const again = nextChange([early], nextChange([early], first));
  expect(again - first).toBe(3_600_000);
});

function next(hours: readonly QuietHours[], from: string): number {
  return nextChange(hours, Date.parse(from));
}
