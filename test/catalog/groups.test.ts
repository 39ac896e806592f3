import { expect, test } from 'vitest';
import { z } from 'zod';
import type { GroupRow } from '../../src-main/catalog/groups.ts';
import { Groups } from '../../src-main/catalog/groups.ts';
import { emptyDirectory, failureOf, openedCatalog, rawDatabase } from './fixtures.ts';

const definition = z.object({ pairs: z.array(z.string()), policy: z.object({ keepPoints: z.number() }) });
const lastSeen = z.object({ serial: z.number(), epoch: z.number(), cycle: z.number(), at: z.iso.datetime() });
type Row = GroupRow<z.infer<typeof definition>, z.infer<typeof lastSeen>>;

const seen = { serial: 7, epoch: 2, cycle: 17, at: '2026-03-01T12:00:00.000Z' };

function row(id: string, name: string, change: Partial<Row> = {}): Row {
  return {
    id,
    name,
    storePaths: { A: '/srv/a', B: '/srv/b' },
    definition: { pairs: ['p1', 'p2'], policy: { keepPoints: 24 } },
    lastSeen: { A: seen, B: null },
    confirmedCommands: [],
    ...change,
  };
}

function groupsIn(dir: string): Groups<z.infer<typeof definition>, z.infer<typeof lastSeen>> {
  return new Groups(openedCatalog(dir), { definition, lastSeen });
}

test('gives back what was added, also through another connection', () => {
  const dir = emptyDirectory();
  const groups = groupsIn(dir);
  const full = row('g1', 'orders');
  const halfKnown = row('g2', 'mail "é" 日本', {
    storePaths: { A: null, B: '/srv/b' },
    lastSeen: { A: null, B: seen },
    confirmedCommands: ['freeze-erp'],
  });
  groups.add(full);
  groups.add(halfKnown);
  for (const reader of [groups, groupsIn(dir)]) {
    expect(reader.get('orders')).toEqual(full);
    expect(reader.getById('g2')).toEqual(halfKnown);
    expect(reader.list()).toEqual([halfKnown, full]);
  }
});

test('names are unique, and upper and lower case differ', () => {
  const groups = groupsIn(emptyDirectory());
  groups.add(row('g1', 'orders'));
  expect(failureOf(() => groups.add(row('g2', 'orders')))).toMatchObject({ code: 'group-exists', where: 'orders' });
  groups.add(row('g3', 'Orders'));
  expect(groups.list().map((group) => group.name)).toEqual(['Orders', 'orders']);
  expect(failureOf(() => groups.get('ORDERS')).code).toBe('group-unknown');
});

test('a group is known once, whatever it is called', () => {
  const groups = groupsIn(emptyDirectory());
  groups.add(row('g1', 'orders'));
  const report = failureOf(() => groups.add(row('g1', 'sales')));
  expect(report.code).toBe('group-exists');
  expect(report.message).toContain('"orders"');
  expect(groups.list()).toHaveLength(1);
});

test('an update changes what it names and keeps the rest', () => {
  const groups = groupsIn(emptyDirectory());
  groups.add(row('g1', 'orders'));
  groups.add(row('g2', 'mail'));
  const later = { ...seen, serial: 8 };
  const updated = groups.update('g1', (before) => ({ lastSeen: { ...before.lastSeen, B: later }, name: 'sales' }));
  expect(updated).toEqual(row('g1', 'sales', { lastSeen: { A: seen, B: later } }));
  expect(groups.get('sales')).toEqual(updated);
  expect(groups.get('mail')).toEqual(row('g2', 'mail'));
});

test('an update cannot take the name of another group, and changes nothing then', () => {
  const groups = groupsIn(emptyDirectory());
  groups.add(row('g1', 'orders'));
  groups.add(row('g2', 'mail'));
  const change = { name: 'orders', confirmedCommands: ['freeze-erp'] };
  expect(failureOf(() => groups.update('g2', () => change)).code).toBe('group-exists');
  expect(groups.get('mail')).toEqual(row('g2', 'mail'));
});

test('two connections that change different parts of one group lose neither change', () => {
  const dir = emptyDirectory();
  const [one, other] = [groupsIn(dir), groupsIn(dir)];
  one.add(row('g1', 'orders'));
  one.update('g1', () => ({ confirmedCommands: ['freeze-erp'] }));
  other.update('g1', (before) => ({ storePaths: { ...before.storePaths, B: '/mnt/b' } }));
  one.update('g1', (before) => ({ storePaths: { ...before.storePaths, A: '/mnt/a' } }));
  expect(other.get('orders')).toEqual(
    row('g1', 'orders', { confirmedCommands: ['freeze-erp'], storePaths: { A: '/mnt/a', B: '/mnt/b' } }),
  );
});

test('what is removed is unknown, and its name is free', () => {
  const groups = groupsIn(emptyDirectory());
  groups.add(row('g1', 'orders'));
  groups.remove('g1');
  expect(groups.getById('g1')).toBeNull();
  expect(failureOf(() => groups.get('orders')).code).toBe('group-unknown');
  expect(failureOf(() => groups.remove('g1')).code).toBe('group-unknown');
  expect(failureOf(() => groups.update('g1', () => ({ name: 'x' }))).code).toBe('group-unknown');
  groups.add(row('g2', 'orders'));
  expect(groups.get('orders').id).toBe('g2');
});

test('JSON that does not have its shape is refused by name, and the group can still be removed', () => {
  for (const [column, value, place] of [
    ['definition', '{"pairs":[1],"policy":{"keepPoints":24}}', 'definition of the group "orders"'],
    ['definition', '{"pairs":', 'no JSON'],
    ['last_seen_a', '{"serial":"7"}', 'site A'],
  ] as const) {
    const dir = emptyDirectory();
    const groups = groupsIn(dir);
    groups.add(row('g1', 'orders'));
    rawDatabase(dir).prepare(`UPDATE groups SET ${column} = ?`).run(value);
    const report = failureOf(() => groups.list());
    expect(report.code).toBe('catalog-unusable');
    expect(report.message).toContain(place);
    groups.remove('g1');
    expect(groups.list()).toEqual([]);
  }
});

test('what could not be read back is not written', () => {
  const groups = groupsIn(emptyDirectory());
  const broken = row('g1', 'orders', { definition: { pairs: [], policy: { keepPoints: Number.NaN } } });
  expect(failureOf(() => groups.add(broken)).code).toBe('catalog-unusable');
  expect(groups.list()).toEqual([]);
});
