/** The scheduler under a simulated clock: targets hold, devices are shared in turn, and no clock stops it for long. */
import { expect, test } from 'vitest';
import { SimulatedClock, type SimulatedGroup } from './simulated-clock.ts';
import { turnsOf, type ScheduledGroup } from '../../../src-main/app/schedule/turns.ts';
import type { QuietHours } from '../../../src-main/contract/groups.ts';
import type { Holding } from '../../../src-main/contract/schedule.ts';

const hour = 3600;
const day = 24 * hour;

function group(changes: Partial<SimulatedGroup> = {}): SimulatedGroup {
  return { name: 'erp', targetSeconds: 900, devices: ['sda'], takes: () => 60, ...changes };
}

/** The greatest lag of each group while `seconds` go by. */
function worstLags(clock: SimulatedClock, groups: readonly SimulatedGroup[], seconds: number): number[] {
  const worst = groups.map(() => 0);
  clock.run(seconds, () => {
    groups.forEach(({ name }, n) => {
      worst[n] = Math.max(worst[n] ?? 0, clock.lag(name));
    });
  });
  return worst;
}

test.each([
  ['short cycles', 900, () => 20],
  ['cycles that take almost half of the target', 900, () => 330],
  ['a target of a day', day, () => hour],
  ['a target of a minute', 60, () => 2],
])('the newest point is never older than the target: %s', (_, targetSeconds, takes) => {
  const one = group({ targetSeconds, takes });
  const clock = new SimulatedClock([one]);
  const [worst = 0] = worstLags(clock, [one], 5 * targetSeconds + day);
  expect(worst).toBeLessThanOrEqual(targetSeconds);
  // And without more cycles than that takes.
  expect(clock.begun('erp')).toBeLessThanOrEqual((3 * (5 * targetSeconds + day)) / targetSeconds);
});

function stoppedBy(operation: Holding['operation']): Holding {
  return { operation, stopped: true };
}

test('cycles that vary are begun early enough for the longest of the last', () => {
  let turn = 0;
  const takes = (): number => {
    turn += 1;
    return turn % 5 === 0 ? 200 : 30;
  };
  const one = group({ takes });
  const clock = new SimulatedClock([one]);
  expect(worstLags(clock, [one], day)[0]).toBeLessThanOrEqual(900);
});

test('one failure in between costs no target, and many are not tried in a hurry', () => {
  let tries = 0;
  const once = group({
    fails: () => {
      tries += 1;
      return tries % 3 === 0;
    },
  });
  const clock = new SimulatedClock([once]);
  expect(worstLags(clock, [once], day)[0]).toBeLessThanOrEqual(900);

  const broken = group({ fails: () => true, takes: () => 1 });
  const hopeless = new SimulatedClock([broken]);
  hopeless.run(day);
  expect(hopeless.begun('erp')).toBeLessThan(110);
  expect(hopeless.begun('erp')).toBeGreaterThan(90);
});

test('cycles too long for the target follow each other, with a rest, and it is said', () => {
  const clock = new SimulatedClock([group({ takes: () => 800 })]);
  clock.run(day);
  expect(clock.turns[0]?.misses).toMatch(/^A cycle takes up to 16 min 40 s: .* younger than 15 min\.$/);
  const possible = day / 800;
  expect(clock.begun('erp')).toBeGreaterThan(0.8 * possible);
  expect(clock.begun('erp')).toBeLessThan(0.96 * possible);
});

test('a source that is quiesced for long before its point is dated is not left alone for that time once more', () => {
  const one = group({ targetSeconds: 60, takes: () => 31, quiesces: 30 });
  const clock = new SimulatedClock([one]);
  clock.run(120);
  const said = new Set<string | null>();
  let worst = 0;
  clock.run(hour, () => {
    worst = Math.max(worst, clock.lag('erp'));
    for (const { at, misses } of clock.turns) if (at !== null) said.add(misses);
  });
  expect(worst).toBeLessThanOrEqual(60);
  expect([...said]).toEqual([null]);
  expect(clock.begun('erp')).toBeLessThan((hour + 120) / 34);
});

test.each([
  ['before its source was frozen', 578],
  ['while it copied', 0],
])('one cycle that hung %s costs its own time only', (_, quiesces) => {
  let turn = 0;
  const one = group({ targetSeconds: 120, takes: () => ((turn += 1) === 10 ? 580 : 2) });
  const clock = new SimulatedClock([one]);
  while (clock.begun('erp') < 10) clock.run(5);
  one.quiesces = quiesces;
  while (clock.running().length > 0) clock.run(5);
  one.quiesces = 0;
  clock.run(20, () => {
    expect(clock.turns[0]?.misses ?? null).toBeNull();
  });
  expect(clock.begun('erp')).toBe(11);
  expect(clock.lag('erp')).toBeLessThanOrEqual(120);
  const before = clock.begun('erp');
  clock.run(hour, () => {
    expect(clock.turns[0]?.misses ?? null).toBeNull();
    expect(clock.lag('erp')).toBeLessThanOrEqual(120);
  });
  expect(clock.begun('erp') - before, 'nor are cycles begun in a hurry after it').toBeLessThan(hour / 35);
});

test('groups on one device take turns, and none is left behind', () => {
  const groups = ['a', 'b', 'c', 'd', 'e'].map((name) => group({ name, takes: () => 60 }));
  const clock = new SimulatedClock([...groups, group({ name: 'other', devices: ['sdb'] })]);
  const worst = groups.map(() => 0);
  clock.run(2 * day, () => {
    const names = clock.running().flatMap(({ devices }) => devices);
    expect(new Set(names).size).toBe(names.length);
    groups.forEach(({ name }, n) => {
      worst[n] = Math.max(worst[n] ?? 0, clock.lag(name));
    });
  });
  expect(Math.max(...worst)).toBeLessThanOrEqual(900);
  expect(clock.turns.map(({ misses }) => misses)).toEqual(clock.turns.map(() => null));
});

test('on a device with more to do than it can, each still gets its turn', () => {
  const groups = Array.from({ length: 6 }, (_, n) => group({ name: `g${n}`, takes: () => 200 }));
  const clock = new SimulatedClock(groups);
  clock.run(day);
  const begun = groups.map(({ name }) => clock.begun(name));
  expect(Math.max(...begun) - Math.min(...begun)).toBeLessThanOrEqual(2);
  const misses = clock.turns.flatMap((turn) => (turn.at === null ? [] : [turn.misses]));
  expect(new Set(misses).size).toBe(1);
  expect(misses[0]).toMatch(/more to copy than their targets leave time for/);
});

test('after a sleep the next cycle begins at once', () => {
  const clock = new SimulatedClock([group()]);
  clock.run(hour);
  clock.suspend(8 * hour);
  const before = clock.begun('erp');
  clock.run(20);
  expect(clock.begun('erp') - before + clock.running().length).toBeGreaterThan(0);
  clock.run(120);
  expect(clock.lag('erp')).toBeLessThan(150);
});

test.each([
  ['forth', 3 * hour],
  ['back', -3 * hour],
  ['back by less than a target', -600],
])('a clock that is set %s costs no more than the targets that it hides', (_, seconds) => {
  const one = group();
  const clock = new SimulatedClock([one]);
  clock.run(hour);
  clock.wallAhead = seconds * 1000;
  const [worst = 0] = worstLags(clock, [one], hour);
  expect(worst).toBeLessThanOrEqual(900);
  clock.wallAhead = 0;
  expect(worstLags(clock, [one], hour)[0]).toBeLessThanOrEqual(900);
  expect(clock.begun('erp')).toBeLessThan(30);
});

test('a clock that is set back by less than the age of the newest point does not make it younger', () => {
  const one = group();
  const clock = new SimulatedClock([one]);
  clock.run(hour);
  while (clock.lag('erp') < 500) clock.run(5);
  clock.wallAhead = -400_000;
  expect(worstLags(clock, [one], hour)[0]).toBeLessThanOrEqual(900);
});

const office: QuietHours = {
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '08:00',
  to: '18:00',
  limitBytesPerSecond: null,
};

test('in quiet hours no cycle begins; a point is made just before, and another just after', () => {
  const one = group({ quietHours: [office], targetSeconds: 4 * hour, takes: () => 600 });
  const clock = new SimulatedClock([one]);
  let before = 0;
  let atEight = 0;
  clock.run(2 * day, () => {
    const now = new Date(clock.wall);
    const begun = clock.begun('erp');
    if (now.getHours() >= 8 && now.getHours() < 18) expect(begun).toBe(before);
    if (now.getHours() === 8 && now.getMinutes() === 0) atEight = Math.max(atEight, clock.lag('erp'));
    if (now.getHours() === 12) expect(clock.turns[0]?.misses).toMatch(/^Quiet hours keep/);
    before = begun;
  });
  expect(atEight).toBeGreaterThan(0);
  expect(atEight).toBeLessThan(1600);
  expect(clock.lag('erp')).toBeLessThanOrEqual(4 * hour);
});

test('groups that make no cycles now take no time of their device', () => {
  const now = Date.parse('2026-11-20');
  const facts = { ...scheduled({}).facts, newestAt: now - 1000, measured: true, durations: [50, 50, 50] };
  const small = scheduled({ facts: { ...facts, durations: [2, 2, 2] } });
  const saidBeside = (changes: Partial<ScheduledGroup>): string | null | undefined =>
    turnsOf(
      [small, scheduled({ name: 'mail', facts, ...changes }), scheduled({ name: 'crm', facts, ...changes })],
      [],
      now,
    )[0]?.misses;
  expect(saidBeside({})).toMatch(/more to copy than their targets leave time for/);
  expect(saidBeside({ phase: 'syncing', heldBy: 'sync' })).toMatch(/more to copy than/);
  for (const phase of ['failed-over', 'committed', 'unprotected'] as const) expect(saidBeside({ phase })).toBeNull();
  expect(saidBeside({ holding: stoppedBy('sync') })).toBeNull();
});

function scheduled(changes: Partial<ScheduledGroup>): ScheduledGroup {
  const history = { durations: [], measured: false, lastEndAt: null, failures: 0, lastFailureAt: null };
  const facts = { ...history, newestAt: 0, taken: null, targetSeconds: 60, quietHours: [] };
  const free = { holding: null, heldBy: null, notHere: null };
  return { name: 'erp', phase: 'protected', scheduled: true, devices: ['sda'], facts, ...free, ...changes };
}

test.each([
  ['a group whose cycles are begun by hand', { scheduled: false }, null, /begun by hand/],
  ['a group that has failed over', { phase: 'failed-over' }, null, /while the group is protected/],
  ['an interrupted cycle', { phase: 'interrupted' }, 'resume', /^$/],
  ['a seed that was cut off', { phase: 'seeding' }, 'resume', /^$/],
  [
    'a seed that the operator stopped',
    { phase: 'seeding', holding: stoppedBy('protect') },
    null,
    /^The operator stopped the last (protect|sync)\./,
  ],
  ['a group that nobody has protected', { phase: 'unprotected' }, null, /while the group is protected/],
  [
    'a cycle that the operator stopped',
    { phase: 'interrupted', holding: stoppedBy('sync') },
    null,
    /^The operator stopped the last (protect|sync)\./,
  ],
  ['a group that another holds', { heldBy: 'sync of root' }, null, /^It is held by sync of root\.$/],
  ['a group whose cycles begin elsewhere', { notHere: 'Elsewhere.' }, null, /^Elsewhere\.$/],
  [
    'a group that is always quiet',
    { facts: { ...scheduled({}).facts, quietHours: [{ ...office, from: '00:00', to: '00:00' }] } },
    null,
    /^Its quiet hours never end/,
  ],
  [
    'a group whose newest point is dated after now',
    { facts: { ...scheduled({}).facts, newestAt: Date.parse('2026-11-21') } },
    'sync',
    /^$/,
  ],
  ['a group without any point', { facts: { ...scheduled({}).facts, newestAt: null } }, 'sync', /^$/],
] as const)('what begins, and why not: %s', (_, changes, operation, waits) => {
  const [turn] = turnsOf([scheduled(changes)], [], Date.parse('2026-11-20'));
  expect(turn?.operation).toBe(operation);
  expect(turn?.waits).toMatch(waits);
});

test('a group on which something runs waits for it', () => {
  const [turn] = turnsOf(
    [scheduled({})],
    [{ group: 'erp', operation: 'verify', devices: ['sda'] }],
    Date.parse('2026-11-20'),
  );
  expect(turn).toMatchObject({ operation: null, waits: 'Its verify runs now.' });
});

test('a rehearsal of a group, or of one on the same device, keeps no cycle waiting', () => {
  for (const name of ['erp', 'mail']) {
    const [turn] = turnsOf(
      [scheduled({})],
      [{ group: name, operation: 'test-failover', devices: ['sda'] }],
      Date.parse('2026-11-20'),
    );
    expect(turn).toMatchObject({ operation: 'sync', waits: '' });
  }
});

test('a cycle that failed just before quiet hours is not begun again and again until they begin', () => {
  const now = new Date('2026-11-20T07:50:00').getTime();
  const history = { durations: [1800], measured: true, lastEndAt: null, failures: 6, lastFailureAt: now - 1000 };
  const facts = { ...history, newestAt: now - 2 * 3_600_000, taken: null, targetSeconds: hour, quietHours: [office] };
  const [turn] = turnsOf([scheduled({ facts })], [], now);
  expect(turn?.operation).toBeNull();
  expect(turn?.at).toBe(new Date('2026-11-20T18:00:00').getTime());
});
