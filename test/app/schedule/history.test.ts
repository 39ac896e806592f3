/** What the last runs of a group say of its next cycle. */
import { expect, test } from 'vitest';
import { historyOf } from '../../../src-main/app/schedule/history.ts';
import { RunRequests } from '../../../src-main/catalog/run-requests.ts';
import { Runs } from '../../../src-main/catalog/runs.ts';
import type { Operation } from '../../../src-main/contract/phases.ts';
import type { Outcome } from '../../../src-main/contract/runs.ts';
import { emptyDirectory, openedCatalog } from '../../catalog/fixtures.ts';
import { sampleRun } from '../../catalog/sample-runs.ts';

/** "with steps": it took one of its plan. */
type Ended = readonly [Operation, Outcome, 'with steps'?];

const step = { title: 'a step', startedAt: '2026-01-01T00:00:00.000Z', seconds: 1, detail: '' };
const plan = { id: 'a', kind: 'command', state: 'done', attempts: 1, output: '' } as const;

/** The history of a group with these runs, oldest first; each takes ten seconds more than the one before. */
function history(runs: readonly Ended[]): ReturnType<typeof historyOf> {
  const book = new Runs(openedCatalog(emptyDirectory()));
  runs.forEach(([operation, outcome, stepped], n) => {
    const steps = stepped === undefined ? [step] : [step, { ...step, plan }];
    book.start(sampleRun(`r${n}`, { groupName: 'erp', operation, outcome, seconds: 10 * (n + 1), steps }));
  });
  book.start(sampleRun('other', { groupName: 'crm', operation: 'sync', outcome: 'cancelled' }));
  return historyOf(book, 'erp');
}

test('cycles say how long the next one takes; before the first, what went through all of the volumes does', () => {
  expect(history([['protect', 'succeeded']])).toMatchObject({ durations: [10], measured: false });
  const known = history([
    ['protect', 'succeeded'],
    ['sync', 'succeeded'],
    ['sync', 'failed'],
    ['resume', 'succeeded'],
    ['sync', 'succeeded'],
  ]);
  expect(known).toMatchObject({ durations: [50, 20], measured: true, failures: 0, holding: null });
});

test('failures in a row are counted past what goes on beside cycles; a cycle that was cut off is none', () => {
  const failed = history([
    ['sync', 'succeeded'],
    ['sync', 'failed'],
    ['verify', 'succeeded'],
    ['sync', 'interrupted'],
    ['test-failover', 'succeeded'],
    ['resume', 'blocked'],
  ]);
  expect(failed.failures).toBe(2);
  expect(failed.lastFailureAt).not.toBeNull();
});

test('a source rests from the end of the last run that read it and came to its end', () => {
  const begin = Date.parse(sampleRun('any').startedAt);
  expect(history([['protect', 'succeeded']]).lastEndAt).toBe(begin + 10_000);
  const { lastEndAt } = history([
    ['sync', 'succeeded'],
    ['resume', 'succeeded'],
    ['verify', 'succeeded'],
    ['sync', 'failed'],
  ]);
  expect(lastEndAt).toBe(begin + 20_000);
  expect(history([['commit', 'succeeded']]).lastEndAt).toBeNull();
});

test.each<[string, readonly Ended[], boolean]>([
  ['cancelled', [['sync', 'cancelled']], true],
  [
    'cancelled and rolled back',
    [
      ['sync', 'cancelled'],
      ['rollback', 'succeeded'],
    ],
    true,
  ],
  [
    'cancelled and gone on with',
    [
      ['sync', 'cancelled'],
      ['resume', 'succeeded'],
    ],
    false,
  ],
  [
    'cancelled before a failover that was undone',
    [
      ['sync', 'cancelled'],
      ['undo', 'succeeded'],
    ],
    false,
  ],
  ['the last cycle of a planned failover', [['planned-failover', 'cancelled']], true],
  [
    'a cycle that made way for a failover, which was blocked',
    [
      ['sync', 'cancelled'],
      ['failover', 'blocked'],
    ],
    true,
  ],
  [
    'a rollback that was cut off',
    [
      ['sync', 'interrupted'],
      ['rollback', 'interrupted'],
    ],
    true,
  ],
  [
    'a failover whose steps stopped twice',
    [
      ['failover', 'failed'],
      ['resume', 'blocked'],
      ['verify', 'succeeded'],
      ['resume', 'failed'],
    ],
    true,
  ],
  [
    'a failover that was blocked, and a cycle gone on with in vain since',
    [
      ['sync', 'interrupted'],
      ['failover', 'blocked'],
      ['resume', 'failed'],
    ],
    false,
  ],
  [
    'a failover whose steps stopped, begun again and blocked, and gone on with in vain',
    [
      ['failover', 'failed'],
      ['failover', 'blocked'],
      ['resume', 'blocked'],
    ],
    true,
  ],
  [
    'a failover that was blocked by the look after its steps, and gone on with in vain',
    [
      ['failover', 'blocked', 'with steps'],
      ['resume', 'blocked'],
    ],
    true,
  ],
  [
    'a failover whose steps stopped, and a cycle by hand since',
    [
      ['failover', 'failed'],
      ['resume', 'failed'],
      ['sync', 'failed'],
    ],
    false,
  ],
  [
    'cancelled, and both sides compared since',
    [
      ['sync', 'cancelled'],
      ['compare', 'succeeded'],
    ],
    true,
  ],
  [
    'cancelled, and begun by hand since',
    [
      ['sync', 'cancelled'],
      ['sync', 'failed'],
    ],
    false,
  ],
  ['interrupted', [['sync', 'interrupted']], false],
  [
    'a verify that was cancelled',
    [
      ['sync', 'succeeded'],
      ['verify', 'cancelled'],
    ],
    false,
  ],
])('whether the operator stopped cycles: %s', (_, runs, stopped) => {
  expect(history(runs).holding !== null).toBe(stopped);
});

test('a cycle that was to be stopped, and was given up or killed then, was stopped all the same', () => {
  const catalog = openedCatalog(emptyDirectory());
  const book = new Runs(catalog);
  const cycle = sampleRun('r1', { groupName: 'erp', operation: 'sync', outcome: null });
  book.start(cycle);
  new RunRequests(catalog).requestCancel('r1');
  book.save({ ...cycle, outcome: 'cancelled' });
  expect(historyOf(book, 'erp').holding).not.toBeNull();
  // Its device answers after all, and its thread comes to an end of its own.
  book.save({ ...cycle, outcome: 'failed' });
  expect(historyOf(book, 'erp').holding).not.toBeNull();
  const killed = sampleRun('r2', { groupName: 'crm', operation: 'resume', outcome: null });
  book.start(killed);
  new RunRequests(catalog).requestCancel('r2');
  book.save({ ...killed, outcome: 'interrupted' });
  expect(historyOf(book, 'crm').holding).not.toBeNull();
  book.save({ ...killed, outcome: 'succeeded' });
  expect(historyOf(book, 'crm').holding, 'it came to its end before it heard of it').toBeNull();
});
