/** What is said of the time of operations that no sample is looked at for. */
import { expect, test } from 'vitest';
import type { Run } from '../../src-main/contract/runs.ts';
import { timeOfPast } from '../../src-renderer/state/time-of-past.ts';
import { sampleRun } from '../hosts/cli/sample-reports.ts';

const MiB = 2 ** 20;
const figures = { bytesCompared: 264 * MiB, bytesWritten: 0 };
const verify = sampleRun({ operation: 'verify', outcome: 'succeeded', seconds: 14, steps: [], ...figures });
const now = Date.parse(verify.startedAt) + 60_000;

function said(operation: Run['operation'], ...runs: Run[]): string | null {
  return timeOfPast(operation, verify.groupName, runs, now);
}

test('the last one of its kind tells how long it took, else the last that went through the volumes', () => {
  const stopped = { ...verify, outcome: 'cancelled' as const, seconds: 3 };
  expect(said('verify', stopped, verify)).toMatch(
    /^The last Verify of .* took 14 s, with 264 MiB read .*, 60 s ago\.$/,
  );
  const steps = [
    { title: 'Waiting', startedAt: verify.startedAt, seconds: 90, idleSeconds: 90, detail: '' },
    { title: 'Comparing and copying', startedAt: verify.startedAt, seconds: 40, idleSeconds: 15, detail: '' },
  ];
  const sync = { ...verify, operation: 'sync' as const, seconds: 130, steps };
  expect(said('undo', sync)).toMatch(
    /^How long the Undo of .* takes is not known yet\. Its last Sync took 25 s for 264 MiB read/,
  );
  expect(said('undo', { ...sync, groupName: 'other' })).toBeNull();
});

test('nothing is said of what is done in a moment', () => {
  expect(said('commit', verify)).toBeNull();
  expect(said('verify')).toBeNull();
});
