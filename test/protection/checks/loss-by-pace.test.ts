/** What a failover loses in bytes, where production's side cannot be asked. */
import { expect, test } from 'vitest';
import { lossByPace } from '../../../src-main/protection/checks/loss-by-pace.ts';
import type { StoredPoint } from '../../../src-main/store/record.ts';

/** A point of a cycle that overwrote so many MiB, at a minute of the hour. */
function point(minute: number, overwritten: number): StoredPoint {
  return {
    epoch: 1,
    cycle: minute + 1,
    at: new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString(),
    kind: 'cycle',
    consistency: 'crash',
    state: 'usable',
    lacks: [],
    undo: [{ epoch: 1, cycle: minute + 1, attempt: 1, lane: 0, segments: 1, bytes: overwritten << 20 }],
  };
}

const now = new Date(Date.UTC(2026, 2, 1, 12, 40));

test('it is between the least and the most that a cycle overwrote in its time, for the time since the newest point', () => {
  // 1 MiB and 4 MiB a minute; the newest is ten minutes old.
  expect(lossByPace([point(0, 90), point(10, 10), point(20, 40), point(30, 20)], now)).toBe(
    'How much it wrote after the newest point is not known; at the pace of the last 3 cycles it was 10.0 MiB to 40.0 MiB by 2026-03-01T12:40:00.000Z.',
  );
});

test('one figure where all cycles agree, and none where fewer than two tell', () => {
  expect(lossByPace([point(0, 0), point(10, 10), point(20, 10)], now)).toContain(
    'it was about 20.0 MiB by 2026-03-01T12:40:00.000Z.',
  );
  const unknown = 'How much it wrote after the newest point is not known.';
  expect(lossByPace([point(0, 90), point(10, 10)], now)).toBe(unknown);
  expect(lossByPace([], now)).toBe(unknown);
});
