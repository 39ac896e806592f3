/** Recovery time and data loss window, from what was measured. */
import { expect, test } from 'vitest';
import type { RunFacts } from '../../src-main/contract/run-facts.ts';
import type { Run } from '../../src-main/contract/runs.ts';
import { recoveryOf } from '../../src-main/evidence/recovery.ts';
import { sampleRun } from '../hosts/cli/sample-reports.ts';

const facts: RunFacts = {
  machine: 'dr1',
  sites: { primary: 'Hall A', recovery: 'Hall B' },
  before: { phase: 'protected', activeSite: 'primary' },
  after: { phase: 'failed-over', activeSite: 'recovery' },
  pairs: [],
  point: {
    id: '1.7',
    at: '2031-05-04T11:50:00.000Z',
    kind: 'cycle',
    consistency: 'crash',
    site: 'recovery',
    digests: [],
  },
};

function attempt(operation: Run['operation'], startedAt: string, seconds: number, outcome: Run['outcome']): Run {
  const report = { next: [], warnings: [], mismatches: [], mismatchesInAll: 0, facts: { ...facts } };
  return sampleRun({ operation, startedAt, seconds, outcome, report });
}

test('a failover that was cut off and resumed is counted from its first confirmation', () => {
  const cut = attempt('failover', '2031-05-04T12:00:00.000Z', 30, 'interrupted');
  const report = cut.report ?? expect.fail('it has a report');
  cut.report = { ...report, facts: { ...facts, after: { phase: 'failing-over', activeSite: null } } };
  const resumed = attempt('resume', '2031-05-04T12:05:00.000Z', 20, 'succeeded');
  expect(recoveryOf(resumed, [cut])).toMatchObject({
    confirmedAt: '2031-05-04T12:00:00.000Z',
    endedAt: '2031-05-04T12:05:20.000Z',
    seconds: 320,
    lossSeconds: 600,
  });
  expect(recoveryOf(cut, []), 'one that did not end is no recovery').toBeNull();
});

test('a planned failover loses nothing, and what moves nothing is no recovery', () => {
  const planned = attempt('planned-failover', '2031-05-04T12:00:00.000Z', 30, 'succeeded');
  expect(recoveryOf(planned, [])).toMatchObject({ seconds: 30, lossSeconds: 0 });
  expect(recoveryOf(attempt('sync', '2031-05-04T12:00:00.000Z', 30, 'succeeded'), [])).toBeNull();
  expect(recoveryOf(attempt('resume', '2031-05-04T12:00:00.000Z', 30, 'succeeded'), [])).toBeNull();
});

test('where the point was not kept, the loss is not known, and not said to be none', () => {
  const run = attempt('failover', '2031-05-04T12:00:00.000Z', 30, 'succeeded');
  delete run.report?.facts?.point;
  expect(recoveryOf(run, [])).toMatchObject({ lossSeconds: null });
});

test('where the operator took it on that production was stopped, nothing is said of what was lost', () => {
  const planned = attempt('planned-failover', '2031-05-04T12:00:00.000Z', 30, 'succeeded');
  const loss = recoveryOf({ ...planned, accepted: ['production-stopped'] }, []);
  expect(loss).toMatchObject({ lossSeconds: null, loss: expect.stringContaining('Not known') as string });
});

test('where production was not found stopped, the loss does not end with the confirmation of a failover', () => {
  const cut = attempt('failover', '2031-05-04T12:00:00.000Z', 30, 'interrupted');
  const resumed = attempt('resume', '2031-05-04T12:05:00.000Z', 20, 'succeeded');
  const loss = recoveryOf(resumed, [{ ...cut, accepted: ['production-stopped'] }]);
  expect(loss).toMatchObject({ lossSeconds: 600 });
  expect(loss?.loss).toMatch(/10 min up to the confirmation, and what was written there since/);
  expect(loss?.loss).not.toContain('at most');
});

test('a failover that waited for a cycle to make way is counted from its confirmation', () => {
  const run = attempt('failover', '2031-05-04T12:00:09.000Z', 21, 'succeeded');
  run.confirmedAt = '2031-05-04T12:00:00.000Z';
  expect(recoveryOf(run, [])).toMatchObject({ confirmedAt: run.confirmedAt, seconds: 30, lossSeconds: 600 });
});
