/** The two sites of a drill, as the window draws them. */
import { expect, test } from 'vitest';
import type { DrillMoment } from '../../src-main/contract/drill.ts';
import type { Operation, Phase, SiteRole } from '../../src-main/contract/phases.ts';
import { sceneOf } from '../../src-renderer/state/drill-scene.ts';
import { sampleProgress } from '../catalog/sample-runs.ts';

const nothing: DrillMoment = { number: 2, title: 'Seed', doing: null, progress: null, group: null, outOfReach: null };

function at(phase: Phase, activeSite: SiteRole, change: Partial<DrillMoment> = {}): DrillMoment {
  const primarySite = { letter: 'A', name: 'Hall A' } as const;
  const recoverySite = { letter: 'B', name: 'Hall B' } as const;
  return { ...nothing, group: { phase, activeSite, replicaSite: null, primarySite, recoverySite }, ...change };
}

/** "A's words, what is between, B's words". */
function said(moment: DrillMoment): string {
  const scene = sceneOf(moment);
  if (scene === null) return 'nothing';
  const [a, b] = scene.sides;
  const between = scene.link.broken ? '-/-' : scene.link.toB ? '->' : '<-';
  return `${a.is} ${between} ${b.is} (${scene.link.label})`;
}

function running(operation: Operation, percent: number): Partial<DrillMoment> {
  return { progress: sampleProgress('r1', { operation, percent }) };
}

test('each moment has its sides and its direction', () => {
  expect(said(nothing)).toBe('nothing');
  expect(said(at('unprotected', 'primary', running('protect', 41.9)))).toBe('In production -> Being seeded (41 %)');
  expect(said(at('protected', 'primary'))).toBe('In production -> Replica (replica is at its point)');
  expect(said(at('protected', 'primary', { outOfReach: 'A' }))).toBe('Lost, out of reach -/- Replica (cut off)');
  expect(said(at('failed-over', 'recovery'))).toBe('Superseded -/- In production (broken at failover)');
  expect(said(at('committed', 'recovery', running('reprotect', 8)))).toBe('Becomes the replica <- In production (8 %)');
  expect(said(at('protected', 'recovery', running('failback', 100)))).toBe(
    'Receiving, then in production <- In production (100 %)',
  );
});

test('production is where it is, and nowhere while its site is lost', () => {
  const production = (moment: DrillMoment): (boolean | undefined)[] | undefined =>
    sceneOf(moment)?.sides.map((side) => side.production);
  expect(production(at('protected', 'primary'))).toEqual([true, false]);
  expect(production(at('protected', 'primary', { outOfReach: 'A' }))).toEqual([false, false]);
  expect(production(at('failed-over', 'recovery', { outOfReach: 'A' }))).toEqual([false, true]);
});
