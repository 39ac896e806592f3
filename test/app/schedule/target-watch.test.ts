/** What is told of targets: once for each miss, once for its end, and what is known of ages where stores are silent. */
import { expect, test } from 'vitest';
import type { AlertEvent } from '../../../src-main/contract/alerts.ts';
import { KnownPoints } from '../../../src-main/app/schedule/known-points.ts';
import { LagNotes } from '../../../src-main/app/schedule/lag-notes.ts';
import type { Seen } from '../../../src-main/app/schedule/pulses.ts';
import { alertsDue, type NewAlert } from '../../../src-main/app/schedule/target-watch.ts';
import { Groups } from '../../../src-main/catalog/groups.ts';
import { LagBook } from '../../../src-main/catalog/lag.ts';
import type { ShownPhase } from '../../../src-main/contract/phases.ts';
import { groupDefinitionSchema } from '../../../src-main/store/record.ts';
import { storeSightSchema } from '../../../src-main/protection/registration.ts';
import { emptyDirectory, openedCatalog } from '../../catalog/fixtures.ts';
import { samplePulse, sampleRegistration } from './sample-pulses.ts';

const minute = 60_000;
const t0 = Date.parse('2026-11-21T12:00:00Z');
const { definition } = sampleRegistration();
const names = new Map([[definition.id, definition.name]]);

/** What is told while a point grows old, given as minutes and the time of its point. */
function told(looks: readonly { at: number; pointAt: number | null }[]): [number, AlertEvent][] {
  const known = new Map<string, { event: AlertEvent; at: number }>();
  return looks.flatMap(({ at, pointAt }): [number, AlertEvent][] => {
    const now = t0 + at * minute;
    const { id: groupId, name } = definition;
    const points =
      pointAt === null ? [] : [{ groupId, name, pointAt: t0 + pointAt * minute, targetSeconds: 900, passedOver: null }];
    const due: NewAlert[] = alertsDue(points, names, known, now);
    for (const { event } of due) known.set(groupId, { event, at: now });
    return due.map(({ event }) => [at, event]);
  });
}

test('a miss is told once, its end once, and the next miss again', () => {
  const looks = Array.from({ length: 60 }, (_, at) => ({ at, pointAt: at < 20 ? 0 : at < 40 ? 20 : 21 }));
  expect(told(looks)).toEqual([
    [16, 'target-missed'],
    [20, 'target-held'],
    [36, 'target-missed'],
  ]);
});

test('a group that is not replicated any more misses nothing, and that is told once', () => {
  const looks = [...[14, 16, 17].map((at) => ({ at, pointAt: 0 })), ...[18, 19].map((at) => ({ at, pointAt: null }))];
  expect(told(looks)).toEqual([
    [16, 'target-missed'],
    [18, 'target-ended'],
  ]);
  expect(told([{ at: 1, pointAt: null }])).toEqual([]);
});

function seen(phase: ShownPhase | null, pointAt: number | null = null): Seen[] {
  const at = pointAt === null ? null : new Date(pointAt).toISOString();
  return [{ registration: sampleRegistration(), pulse: phase === null ? null : samplePulse(phase, at) }];
}

function bookOfGroup(): LagBook {
  const catalog = openedCatalog(emptyDirectory());
  const { id, name } = definition;
  const stores = { storePaths: { A: null, B: null }, lastSeen: { A: null, B: null } };
  new Groups(catalog, { definition: groupDefinitionSchema, lastSeen: storeSightSchema }).add({
    id,
    name,
    definition,
    ...stores,
    confirmedCommands: [],
  });
  return new LagBook(catalog);
}

test('a point goes on to grow old where its stores do not answer, over a restart too, until production is there', () => {
  const book = bookOfGroup();
  const known = new KnownPoints(book);
  const at = (points: KnownPoints, phase: ShownPhase | null, pointAt?: number): number[] =>
    points.look(seen(phase, pointAt)).map((point) => point.pointAt - t0);
  expect(at(known, null)).toEqual([]);
  expect(at(known, 'protected', t0)).toEqual([0]);
  new LagNotes(book).note(known.look(seen(null)), t0 + minute);
  expect(at(known, 'unknown')).toEqual([0]);
  const restarted = new KnownPoints(book);
  expect(at(restarted, null)).toEqual([0]);
  expect(at(restarted, 'failed-over')).toEqual([]);
  expect(at(restarted, null)).toEqual([]);
  const again = new KnownPoints(book);
  expect(at(again, null), 'after one more restart').toEqual([]);
  expect(at(again, 'protected', t0 + minute)).toEqual([minute]);
  new LagNotes(book).note(again.look(seen(null)), t0 + 2 * minute);
  expect(at(new KnownPoints(book), null)).toEqual([minute]);
});

test('ages are written down once a minute, and on both sides of a new point', () => {
  const book = bookOfGroup();
  const notes = new LagNotes(book);
  const known = new KnownPoints(book);
  for (let second = 0; second <= 150; second += 5) {
    const pointAt = second < 100 ? t0 - 10_000 : t0 + 90_000;
    notes.note(known.look(seen('protected', pointAt)), t0 + second * 1000);
  }
  const samples = book
    .since(definition.id, new Date(t0))
    .map(({ at, ageSeconds }) => [(Date.parse(at) - t0) / 1000, ageSeconds]);
  expect(samples).toEqual([
    [0, 10],
    [60, 70],
    [99, 109],
    [100, 10],
  ]);
});

test('a miss says why a failover takes no newer point, and ages are written down of the one that it takes', () => {
  const at = (seconds: number): string => new Date(t0 + seconds * 1000).toISOString();
  const fuzzy = { newestAt: at(990), failoverPointAt: at(0), passedOver: { points: 3, fuzzy: 2 } };
  const looks = [{ registration: sampleRegistration(), pulse: { ...samplePulse('protected', null), ...fuzzy } }];
  const book = bookOfGroup();
  const points = new KnownPoints(book).look(looks);
  const now = t0 + 1_000_000;
  expect(alertsDue(points, names, new Map(), now)[0]?.message).toBe(
    `The point that a failover of ${definition.name} takes is 16 min 40 s old, older than its target of 15 min: 3 newer points are fuzzy or not whole.`,
  );
  new LagNotes(book).note(points, now);
  expect(book.since(definition.id, new Date(t0)).map(({ ageSeconds }) => ageSeconds)).toEqual([1000]);
});
