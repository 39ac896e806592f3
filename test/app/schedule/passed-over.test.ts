/** Where a failover passes newer points over: when cycles are due, and how the target is said to be missed. */
import { expect, test } from 'vitest';
import type { CycleFacts } from '../../../src-main/app/schedule/due.ts';
import { turnsOf, type Turn } from '../../../src-main/app/schedule/turns.ts';
import type { QuietHours } from '../../../src-main/contract/groups.ts';

const hour = 3600;
const office: QuietHours = {
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  to: '18:00',
  limitBytesPerSecond: null,
};

function turnOf(facts: CycleFacts, now: number): Turn | undefined {
  const free = { phase: 'protected', scheduled: true, holding: null, heldBy: null, notHere: null } as const;
  return turnsOf([{ name: 'erp', devices: ['sda'], facts, ...free }], [], now)[0];
}

test('where newer points are fuzzy the next cycle is due by the newest, and the target missed by the one taken', () => {
  const now = new Date('2026-11-20T07:00:00').getTime();
  const history = { durations: [20], measured: true, lastEndAt: now - 60_000, failures: 0, lastFailureAt: null };
  const facts = { ...history, newestAt: now - 60_000, targetSeconds: 900, quietHours: [] };
  const turnWith = (takenSecondsAgo: number | null): Turn | undefined => {
    const passedOver = { points: 2, fuzzy: 2 };
    const taken = takenSecondsAgo === null ? null : { at: now - takenSecondsAgo * 1000, passedOver };
    return turnOf({ ...facts, taken }, now);
  };
  const usual = turnWith(null);
  expect(usual).toMatchObject({ operation: null, misses: null });
  expect(turnWith(800)).toEqual(usual);
  const misses = 'Cycles do not hold the target: 2 newer points are fuzzy, so a failover takes an older one.';
  expect(turnWith(1000)).toEqual({ ...usual, misses });
});

test('quiet hours are said to miss the target by the point that a failover takes', () => {
  const now = new Date('2026-11-20T07:59:00').getTime();
  const history = { durations: [20], measured: true, lastEndAt: now - 1000, failures: 0, lastFailureAt: null };
  const facts = { ...history, newestAt: now - 1000, targetSeconds: 11 * hour, quietHours: [office] };
  const missesWith = (taken: CycleFacts['taken']): string | null | undefined =>
    turnOf({ ...facts, taken }, now)?.misses;
  expect(missesWith(null)).toBeNull();
  expect(missesWith({ at: now - 5 * hour * 1000, passedOver: { points: 1, fuzzy: 1 } })).toMatch(/^Quiet hours keep/);
});
