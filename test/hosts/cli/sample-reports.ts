/** Reports as the application gives them, for tests to vary. */
import type { CheckReport, CheckResult } from '../../../src-main/contract/checks.ts';
import type { Forecast } from '../../../src-main/contract/forecast.ts';
import type { GroupView, Point } from '../../../src-main/contract/groups.ts';
import type { OperationResult, Progress, Run } from '../../../src-main/contract/runs.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

export function sampleGroup(changes: Partial<GroupView> = {}): GroupView {
  return {
    id: 'g-1',
    name: 'erp-db',
    phase: 'protected',
    activeSite: 'primary',
    replicaSite: changes.activeSite === 'recovery' ? 'primary' : 'recovery',
    primarySite: { letter: 'A', name: 'Hall A' },
    recoverySite: { letter: 'B', name: 'Hall B' },
    testFailover: 'none',
    epoch: 1,
    version: 1,
    groupStatus: 'available',
    failoverPoint: null,
    failoverPointAt: null,
    lookedAt: '2026-05-04T12:10:00.000Z',
    health: { level: 'warning', reasons: ['The newest point is older than its target.'] },
    rpo: { targetSeconds: 900, actualSeconds: 1000 },
    pairs: [
      {
        id: 'p1',
        primaryPath: '/dev/vg0/pgdata',
        recoveryPath: '/replica/pgdata.raw',
        sizeBytes: 10 * GiB,
        mirrorState: 'mirrored',
        relationshipStatus: 'idle',
      },
      {
        id: 'p2',
        primaryPath: '/dev/vg0/pgwal',
        recoveryPath: '/replica/pgwal.raw',
        sizeBytes: 512 * MiB,
        mirrorState: 'broken',
        relationshipStatus: 'transferring',
      },
    ],
    points: [
      samplePoint({ id: '1.1', kind: 'before-protect', state: 'incomplete', lacks: ['p2'] }),
      samplePoint({ id: '1.2', current: true }),
    ],
    policy: {
      rpoSeconds: 900,
      keepPoints: 24,
      chunkSizeBytes: 262_144,
      limitBytesPerSecond: null,
      scheduled: true,
      quietHours: [],
      reasonRequired: false,
      stoppedCheck: null,
      beforeCycle: '/etc/sitepair/quiesce',
      afterCycle: null,
    },
    stores: [
      { site: 'A', path: '/var/lib/sitepair', state: 'read', detail: '' },
      {
        site: 'B',
        path: '/replica/sitepair',
        state: 'unread',
        detail: 'The directory has no record; perhaps not mounted.',
      },
    ],
    actions: [
      { operation: 'sync', allowed: true, reason: '' },
      { operation: 'failover', allowed: true, reason: '' },
      { operation: 'resume', allowed: false, reason: 'Nothing was interrupted.' },
    ],
    hints: ['Mount /replica to read the store of Hall B.'],
    ...changes,
  };
}

export function samplePoint(changes: Partial<Point> = {}): Point {
  return {
    id: '1.2',
    at: '2031-05-04T12:02:31.000Z',
    kind: 'cycle',
    consistency: 'crash',
    state: 'usable',
    undoBytes: 300 * MiB,
    site: 'B',
    current: false,
    lacks: [],
    ...changes,
  };
}

export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    id: '01JTESTRUN0000000000000001',
    operation: 'sync',
    groupName: 'erp-db',
    operator: 'ada',
    startedAt: '2031-05-04T12:02:31.000Z',
    outcome: 'succeeded',
    seconds: 3.21,
    bytesCompared: 10 * GiB,
    bytesDiffering: 300 * MiB,
    bytesWritten: 299 * MiB,
    bytesSkipped: 512 * MiB,
    pointId: '1.3',
    steps: [{ title: 'Copying', startedAt: '2031-05-04T12:02:32.000Z', seconds: 2.5, detail: '2 pairs' }],
    accepted: ['point-age'],
    ...changes,
  };
}

export function sampleResult(changes: Partial<OperationResult> = {}): OperationResult {
  return { run: sampleRun(), group: sampleGroup(), checks: [], next: [], warnings: [], ...changes };
}

export function sampleCheck(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'undo-space',
    title: 'Space for undo',
    status: 'fail',
    found: '1 GiB free in /replica/sitepair, 3 GiB needed.',
    why: 'Without it a cycle cannot be taken back.',
    remedy: 'Free 2 GiB in /replica/sitepair.',
    blocks: true,
    acceptable: false,
    accepted: false,
    ...changes,
  };
}

export function sampleCheckReport(changes: Partial<CheckReport> = {}): CheckReport {
  return { operation: 'failover', verdict: 'ready', checks: [], consequences: [], ...changes };
}

export function sampleProgress(changes: Partial<Progress> = {}): Progress {
  const figures = { bytesCompared: 4 * GiB, bytesDiffering: 20 * MiB, bytesWritten: 10 * MiB, bytesSkipped: GiB };
  return {
    runId: '01JTESTRUN0000000000000001',
    operation: 'sync',
    groupName: 'erp-db',
    state: 'running',
    step: 'Copying what differs',
    percent: 47.68,
    bytesPerSecond: 812 * MiB,
    secondsLeft: { low: 20, high: 35 },
    elapsedSeconds: 8,
    figures,
    pairs: [
      {
        pairId: 'p1',
        path: '/dev/vg0/pgdata',
        state: 'running',
        bytesTotal: 10 * GiB,
        bytesOfData: 10 * GiB,
        percent: 50,
        ...figures,
      },
      {
        pairId: 'p2',
        path: '/dev/vg0/pgwal',
        state: 'waiting',
        bytesTotal: 512 * MiB,
        bytesOfData: 512 * MiB,
        percent: 0,
        bytesCompared: 0,
        bytesDiffering: 0,
        bytesWritten: 0,
        bytesSkipped: 0,
      },
    ],
    limitBytesPerSecond: null,
    stalledSince: null,
    ...changes,
  };
}

export function sampleForecast(changes: Partial<Forecast> = {}): Forecast {
  return {
    id: 'forecast-1',
    group: 'erp-db',
    operation: 'sync',
    at: '2026-03-05T14:02:11.000Z',
    bytesOfData: 840 * GiB,
    copy: { low: 21 * GiB, high: 26 * GiB },
    undo: { low: 21 * GiB, high: 26.2 * GiB },
    undoFree: 61 * GiB,
    seconds: { low: 1150, high: 1600 },
    modelSeconds: 1350,
    pastRuns: 4,
    looked: 8192,
    chunks: 3_440_640,
    differing: 230,
    ended: 'narrow',
    lookSeconds: 8.7,
    reading: { low: 540 * MiB, high: 620 * MiB },
    writing: { low: 300 * MiB, high: 380 * MiB },
    commandsUnknown: false,
    ...changes,
  };
}
