/** Which groups can fail over now, as the command line says it: with the window's headline and each last test. */
import { expect, test } from 'vitest';
import { failoverSummary } from '../../../src-main/contract/can-fail-over.ts';
import type { LastTest } from '../../../src-main/contract/groups.ts';
import { withReadiness } from '../../../src-main/app/readiness/standing-proof.ts';
import { CliStage } from './cli-stage.ts';
import { acceptableFinding, sampleFinding, sampleProof, sampleReadiness, sampleWay } from './sample-readiness.ts';
import { sampleGroup, samplePoint } from './sample-reports.ts';

const lastTest: LastTest = {
  at: '2031-05-03T10:00:00.000Z',
  pointId: '3.7',
  pointAt: '2031-05-03T09:55:00.000Z',
  seconds: 240,
  outcome: 'succeeded',
  result: 'passed',
  note: 'starts',
  directory: '/srv/rehearsal',
  copies: [],
};
const base = sampleGroup({ activeSite: 'primary', replicaSite: 'recovery', testFailover: 'none' });
const well = {
  ...base,
  phase: 'protected' as const,
  stores: base.stores.map((store) => ({ ...store, state: 'read' as const })),
  pairs: base.pairs.map((pair) => ({ ...pair, mirrorState: 'mirrored' as const })),
  points: [samplePoint({ site: base.recoverySite.letter, kind: 'cycle', state: 'usable', current: true })],
  actions: [{ operation: 'failover' as const, allowed: true, reason: '' }],
};
const noWayBack = sampleProof({
  ways: [sampleWay(), sampleWay({ way: 'way-back', to: 'Hall A', state: 'blocked', findings: [sampleFinding] })],
});
const fleet = [
  { ...well, name: 'erp', readiness: sampleReadiness(), lastTest },
  { ...well, name: 'files', readiness: sampleReadiness({ proof: noWayBack }) },
  { ...well, name: 'archive', readiness: sampleReadiness(), points: [] },
];

test('the headline is the window’s, and each group has its last test', async () => {
  const stage = new CliStage();
  stage.application
    .answer('groups.list', () => ({ groups: fleet }))
    .answer('runs.list', () => ({ runs: [] }))
    .answer('readiness.schedule', () => ({ everyHours: 24 }));
  expect(await stage.run('readiness')).toBe(3);
  const { text } = stage.stdout;
  const { headline } = failoverSummary(fleet, () => null);
  expect(headline).toBe('2 of 3 groups can fail over now');
  expect(text.split('\n')[0]).toBe(`${headline}. The checks of the way back let 1 of them pass.`);
  const words = text.replaceAll(/\s+/g, ' ');
  expect(words).toMatch(/Tested: last tested \S+ .* from point 3\.7 of .*; made in 4 min; .*; noted as passed: starts/);
  expect(words).toMatch(/archive .*cannot fail over now The replica has no usable point\. .*Tested: never tested/);
  expect(await stage.run('--json', 'readiness')).toBe(3);
  expect(JSON.parse(stage.stdout.text.slice(text.length))).toMatchObject({
    headline,
    groups: [
      { name: 'erp', canFailOver: 'can', ready: true, lastTest },
      { name: 'files', canFailOver: 'can', ready: false, lastTest: null },
      { name: 'archive', canFailOver: 'cannot', why: 'The replica has no usable point.', ready: false },
    ],
  });
});

test('what wants only the operator’s word is said so, and is no group that can', async () => {
  const stage = new CliStage();
  const proof = sampleProof({ ways: [sampleWay({ state: 'blocked', findings: [acceptableFinding] })] });
  const readiness = sampleReadiness({ proof });
  const { health } = withReadiness({ ...well, health: { level: 'ok', reasons: [] } }, readiness);
  expect(health).toEqual({
    level: 'critical',
    reasons: ['A failover to Hall B wants your word: 2 chunks of /replica/pgdata.raw differ from the point.'],
  });
  stage.application
    .answer('groups.list', () => ({ groups: [{ ...well, name: 'erp', readiness }] }))
    .answer('runs.list', () => ({ runs: [] }))
    .answer('readiness.schedule', () => ({ everyHours: 24 }));
  expect(await stage.run('readiness')).toBe(3);
  expect(stage.stdout.text).toMatch(/^The group wants your word to fail over\./);
  expect(stage.stdout.text).toContain('Failover to Hall B: wants your word');
});
