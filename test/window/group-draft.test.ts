/** What is typed into a group's settings, and what of it is sent. */
import { expect, test } from 'vitest';
import { changesOf, draftOf, type GroupDraft } from '../../src-renderer/views/group-draft.ts';
import { groupSetSchema } from '../../src-main/contract/groups.ts';
import { sampleGroup } from '../hosts/cli/sample-reports.ts';

const group = sampleGroup();
const nothing = { name: 'erp-db', policy: {}, paths: [] };

function changed(changes: Partial<GroupDraft>): ReturnType<typeof changesOf> {
  const found = changesOf(group, { ...draftOf(group), ...changes });
  if (found.wrong === '') expect(groupSetSchema.parse(found.input)).toEqual(found.input);
  return found;
}

test('the draft says the settings as they are, and nothing of it is a change', () => {
  expect(draftOf(group)).toMatchObject({
    rpoMinutes: '15',
    keepPoints: '24',
    limit: '',
    stoppedCheck: '',
    beforeCycle: '/etc/sitepair/quiesce',
    paths: { p1: { primary: '/dev/vg0/pgdata', recovery: '/replica/pgdata.raw' } },
    primaryStore: '/var/lib/sitepair',
    recoveryStore: '/replica/sitepair',
  });
  expect(changed({})).toEqual({ input: nothing, any: false, newStore: false, wrong: '', wrongFigures: {} });
});

test('only what was typed anew is sent, in the units of the contract', () => {
  expect(changed({ rpoMinutes: '2.5' }).input).toEqual({ ...nothing, policy: { rpoSeconds: 150 } });
  expect(changed({ reasonRequired: true }).input).toEqual({ ...nothing, policy: { reasonRequired: true } });
  expect(changed({ limit: '0.5' }).input.policy).toEqual({ limitBytesPerSecond: 524_288 });
  expect(changed({ keepPoints: '7', stoppedCheck: '/bin/stopped' }).input.policy).toEqual({
    keepPoints: 7,
    stoppedCheck: '/bin/stopped',
  });
});

test('an empty limit and an empty command are none', () => {
  const limited = sampleGroup({ policy: { ...group.policy, limitBytesPerSecond: 2 ** 20 } });
  expect(draftOf(limited).limit).toBe('1');
  const { input, any } = changesOf(limited, { ...draftOf(limited), limit: ' ', beforeCycle: ' ' });
  expect(input.policy).toEqual({ limitBytesPerSecond: null, beforeCycle: null });
  expect(any).toBe(true);
});

test('a figure that is none is refused by name, and several together', () => {
  for (const typed of ['0', '-1', 'many', '']) {
    expect(changed({ keepPoints: typed }).wrong).toBe('The number of points must be a number above 0.');
  }
  expect(changed({ rpoMinutes: '0', limit: 'x' }).wrong).toBe(
    'The age of the newest point must be a number above 0. The limit must be a number above 0.',
  );
});

test('a path that is moved is sent for its side, and an emptied one stays as it is', () => {
  const { paths } = draftOf(group);
  const moved = changed({ paths: { ...paths, p2: { primary: '/dev/vg1/pgwal', recovery: '' } } });
  expect(moved.input.paths).toEqual([{ pairId: 'p2', site: 'primary', path: '/dev/vg1/pgwal' }]);
  expect(moved.any).toBe(true);
});

test('so is one of a pair that waits for its first cycle', () => {
  const waiting = {
    ...group,
    joining: [{ ...(group.pairs[0] ?? expect.fail()), id: 'p3', primaryPath: '/dev/a', recoveryPath: '/dev/b' }],
  };
  const { paths } = draftOf(waiting);
  const moved = changesOf(waiting, {
    ...draftOf(waiting),
    paths: { ...paths, p3: { primary: '/dev/a', recovery: '/dev/c' } },
  });
  expect(moved.input.paths).toEqual([{ pairId: 'p3', site: 'recovery', path: '/dev/c' }]);
});

test('another store is told as one, and the name that is typed goes with it alone', () => {
  const other = changed({ recoveryStore: '/srv/b/sitepair' });
  expect([other.newStore, other.any, other.input]).toEqual([
    true,
    true,
    { ...nothing, recoveryStore: '/srv/b/sitepair' },
  ]);
  expect(changed({ primaryStore: '/srv/a', confirm: 'erp-db' }).input).toEqual({
    ...nothing,
    primaryStore: '/srv/a',
    confirm: 'erp-db',
  });
  expect(changed({ confirm: 'erp-db' }).input).toEqual(nothing);
});

test('to have read the commands is a change of its own', () => {
  expect(changed({ confirmHooks: true })).toMatchObject({ any: true, input: { ...nothing, confirmHooks: true } });
});

test('cycles by the clock and quiet hours are sent where they were changed, and not while they are not whole', () => {
  const hours = { days: [6, 7], from: '08:00', to: '12:00', does: 'nothing-begins', limit: '' } as const;
  const draft = { ...hours, days: [...hours.days] };
  expect(changed({ scheduled: false, quietHours: [draft] }).input.policy).toEqual({
    scheduled: false,
    quietHours: [{ days: [6, 7], from: '08:00', to: '12:00', limitBytesPerSecond: null }],
  });
  expect(changed({ quietHours: [{ ...draft, days: [] }] })).toMatchObject({
    any: true,
    wrong: 'Quiet hours want a day at least.',
  });
});
