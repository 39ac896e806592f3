/** Runs and progress for the tests of the catalog. */
import type { Progress, Run } from '../../src-main/contract/runs.ts';

const noFigures = { bytesCompared: 0, bytesDiffering: 0, bytesWritten: 0, bytesSkipped: 0 };

/** A run of the group "orders" that has just begun. */
export function sampleRun(id: string, change: Partial<Run> = {}): Run {
  return {
    id,
    operation: 'sync',
    groupName: 'orders',
    operator: 'ada',
    startedAt: '2026-03-01T12:00:00.000Z',
    outcome: null,
    seconds: 0,
    ...noFigures,
    steps: [],
    accepted: [],
    ...change,
  };
}

/** A snapshot of that run, 3 seconds on. */
export function sampleProgress(runId: string, change: Partial<Progress> = {}): Progress {
  return {
    runId,
    operation: 'sync',
    groupName: 'orders',
    state: 'running',
    step: 'comparing',
    percent: 12.5,
    bytesPerSecond: 1024,
    secondsLeft: { low: 2, high: 5 },
    elapsedSeconds: 3,
    figures: { ...noFigures, bytesCompared: 4096, bytesWritten: 512 },
    pairs: [
      {
        pairId: 'p1',
        path: '/dev/loop0',
        state: 'running',
        bytesTotal: 32768,
        bytesOfData: 32768,
        percent: 0,
        ...noFigures,
      },
    ],
    limitBytesPerSecond: null,
    stalledSince: null,
    ...change,
  };
}
