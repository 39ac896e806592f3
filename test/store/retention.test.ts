/** Which points retention drops, and which it never does. */
import { expect, test } from 'vitest';
import type { Consistency, PointKind } from '../../src-main/contract/groups.ts';
import { pointId, type StoredPoint } from '../../src-main/store/record.ts';
import { applyRetention } from '../../src-main/store/retention.ts';
import { SmallGroup } from './group.ts';
import { noon } from './sim/records.ts';

interface Wanted {
  kind?: PointKind;
  consistency?: Consistency;
  state?: StoredPoint['state'];
}

/** A group whose record has these points, oldest first, cycles 1, 2 and so on; the volumes are at `position`. */
function groupWith(wanted: readonly Wanted[], position = wanted.length): SmallGroup {
  const group = new SmallGroup([100]);
  const points = wanted.map(({ kind = 'cycle', consistency = 'crash', state = 'usable' }, n): StoredPoint => {
    return { epoch: 1, cycle: n + 1, at: noon.toISOString(), kind, consistency, state, lacks: [], undo: [] };
  });
  group.store.update({ points, position: { epoch: 1, cycle: position }, counter: points.length }, noon);
  return group;
}

function left(group: SmallGroup): string[] {
  return group.store.record.points.map(pointId);
}

test('the oldest go, as many as are too many', () => {
  const group = groupWith([{}, {}, {}, {}, {}]);
  expect(applyRetention(group.store, 3, noon).dropped.map(pointId)).toEqual(['1.1', '1.2']);
  expect(left(group)).toEqual(['1.3', '1.4', '1.5']);
});

test('nothing goes where there are no more than are kept', () => {
  const group = groupWith([{}, {}, {}]);
  expect(applyRetention(group.store, 3, noon).dropped).toEqual([]);
  expect(left(group)).toEqual(['1.1', '1.2', '1.3']);
});

test.each<[string, Wanted]>([
  ['fuzzy', { consistency: 'fuzzy' }],
  ['damaged', { state: 'damaged' }],
  ['incomplete', { state: 'incomplete' }],
])('the newest point that is good stays, however many that are %s follow', (_, worse) => {
  const group = groupWith([{}, {}, worse, worse, worse]);
  expect(applyRetention(group.store, 1, noon).dropped.map(pointId)).toEqual(['1.1', '1.3', '1.4']);
  expect(left(group)).toEqual(['1.2', '1.5']);
});

test('the newest point that is whole stays though it is fuzzy, where only incomplete ones follow', () => {
  const group = groupWith([
    {},
    { state: 'damaged' },
    { consistency: 'fuzzy' },
    { state: 'incomplete' },
    { state: 'incomplete' },
  ]);
  const fuzzyOnly = groupWith([{ consistency: 'fuzzy' }, { state: 'incomplete' }, { state: 'incomplete' }]);
  applyRetention(group.store, 1, noon);
  expect(left(group)).toEqual(['1.1', '1.3', '1.5']);
  applyRetention(fuzzyOnly.store, 1, noon);
  expect(left(fuzzyOnly)).toEqual(['1.1', '1.3']);
});

test('points that hold what would else be lost stay, and do not count', () => {
  const group = groupWith([{ kind: 'before-protect' }, {}, {}, { kind: 'before-undo' }, {}, {}]);
  applyRetention(group.store, 2, noon);
  expect(left(group)).toEqual(['1.1', '1.4', '1.5', '1.6']);
});

test('the point that the volumes are at stays', () => {
  const group = groupWith([{}, {}, {}, {}], 2);
  applyRetention(group.store, 1, noon);
  expect(left(group)).toEqual(['1.2', '1.4']);
});

test('nothing goes while the volumes are on their way', () => {
  const group = groupWith([{}, {}, {}, {}]);
  const [from, to] = [
    { epoch: 1, cycle: 4 },
    { epoch: 1, cycle: 1 },
  ] as const;
  group.store.update({ moving: { from, to, oldest: to, newest: from } }, noon);
  expect(applyRetention(group.store, 1, noon).dropped).toEqual([]);
  expect(left(group)).toEqual(['1.1', '1.2', '1.3', '1.4']);
});
