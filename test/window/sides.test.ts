/** What the two sites of a group are called while sides change, whichever way. */
import { expect, test } from 'vitest';
import { replicaLetter } from '../../src-main/contract/group-sides.ts';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { mirrorOf } from '../../src-renderer/state/mirror.ts';
import { lagOf, linkOf, sideWords, wayOf } from '../../src-renderer/state/sides.ts';
import { phaseOf } from '../../src-renderer/state/wording.ts';
import { startingChoices } from '../../src-renderer/wizards/choices.ts';
import { touchedBy, touchedWords } from '../../src-renderer/wizards/volumes-touched.ts';
import { applicationAt, carriedOut } from '../support/application-at.ts';
import { TwoSites } from '../support/two-sites.ts';
import { sampleGroup, samplePoint, sampleProgress } from '../hosts/cli/sample-reports.ts';

const between = { phase: 'failing-over', activeSite: null } as const;

function words(group: GroupView): string[] {
  return (['A', 'B'] as const).map((letter) => sideWords(group, letter).is);
}

test('the side that is being promoted is named so, on the way out and on the way home', () => {
  expect(words(sampleGroup({ ...between, replicaSite: 'recovery' }))).toEqual(['Not in production', 'Being promoted']);
  const home = sampleGroup({ ...between, replicaSite: 'primary' });
  expect(words(home)).toEqual(['Being promoted', 'Not in production']);
  expect(linkOf(home, null, Date.now()).toB).toBe(false);
  // To give that up is to go back to where production was.
  expect(wayOf(home, 'failover')).toBe('Production: Hall A → Hall B');
  expect(wayOf(home, 'failover', { running: true })).toBe('Production: Hall B → Hall A');
  expect(wayOf(home, 'resume')).toBe('Production: Hall B → Hall A');
  expect(wayOf(sampleGroup({ phase: 'interrupted' }), 'resume')).toBe('Data: Hall A → Hall B');
});

test('a flow is drawn only while data goes from one site to the other', () => {
  const drawn = (operation: Operation, changes: Partial<GroupView>): string => {
    const { broken, label } = linkOf(sampleGroup(changes), { ...sampleProgress(), operation, secondsLeft: null }, 0);
    return `${broken ? 'broken' : 'flows'}: ${label}`;
  };
  expect(drawn('sync', { phase: 'syncing' })).toBe('flows: 47 %');
  expect(drawn('undo', { phase: 'undoing', activeSite: null })).toBe('flows: 47 %');
  expect(drawn('failover', { phase: 'protected' })).toBe('broken: Failover: 47 %');
  for (const operation of ['failover', 'planned-failover', 'resume'] as const) {
    expect(drawn(operation, between)).toMatch(/^broken: .*: 47 %$/);
  }
  expect(drawn('undo', { phase: 'undoing', activeSite: 'recovery' })).toBe('broken: Undo: 47 %');
  expect(drawn('rollback', { phase: 'syncing' })).not.toContain('%');
  expect(drawn('verify', { phase: 'protected' })).toMatch(/^flows: .* behind, target 15 min$/);
});

test('the application says which side holds the replica', async (context) => {
  const sites = new TwoSites(context);
  await sites.sitepair.must(...sites.creation());
  const application = await applicationAt(sites.sitepair.home, context);
  const seen = async (): Promise<[GroupView['replicaSite'], string]> => {
    const { group } = await application.invoke('groups.show', { name: 'erp' });
    return [group.replicaSite, replicaLetter(group)];
  };
  expect(await seen()).toEqual([null, 'B']);
  const accept = ['production-stopped', 'target-not-in-use'];
  for (const operation of ['protect', 'failover'] as const) {
    const { run } = await carriedOut(application, { operation, group: 'erp', confirm: 'erp', accept });
    expect(run.outcome, run.error?.message).toBe('succeeded');
    expect(await seen()).toEqual(operation === 'protect' ? ['recovery', 'B'] : ['primary', 'A']);
  }
});

test('a site that is not reached is not drawn as if it were well', () => {
  const group = sampleGroup();
  const stores = group.stores.map((store) => ({ ...store, state: store.site === 'A' ? 'unread' : 'read' }) as const);
  const lost = { ...group, stores };
  expect(sideWords(lost, 'A')).toMatchObject({ is: 'In production, not reached', production: false });
  expect(linkOf(lost, null, Date.now())).toMatchObject({ broken: true });
  expect(linkOf(lost, null, Date.now()).label).toMatch(/^not reached, .* behind$/);
  const [first] = lost.pairs;
  if (first === undefined) throw new Error('a pair is needed');
  expect(mirrorOf(lost, first, null)).toEqual({ level: 'unknown', words: 'mirrored when last seen' });
  const cycle = { ...first, mirrorState: 'broken', relationshipStatus: 'transferring' } as const;
  expect(mirrorOf({ ...group, phase: 'syncing' }, cycle, null)).toEqual({
    level: 'unknown',
    words: 'between two points, transferring',
  });
  const paused = sampleProgress({ state: 'paused' });
  expect(mirrorOf({ ...group, phase: 'syncing' }, cycle, paused).words).toBe('between two points, paused');
});

test('a replica whose only point is incomplete is not said to have none', () => {
  const rpo = { targetSeconds: 900, actualSeconds: null };
  const read = sampleGroup({}).stores.map((store) => ({ ...store, state: 'read' as const }));
  const group = (points: GroupView['points']): GroupView => sampleGroup({ rpo, points, stores: read });
  const link = (points: GroupView['points']): string => linkOf(group(points), null, 0).label;
  const [pair] = group([]).pairs;
  if (pair === undefined) throw new Error('a pair is needed');
  const unread = { bytes: 4096, ranges: 1, first: [{ pairId: pair.id, offset: 0, length: 4096 }] };
  expect(link([])).toBe('no point yet');
  expect(link([samplePoint({ site: 'A', unread })])).toBe('no point yet');
  expect(link([samplePoint({ site: 'B', unread })])).toBe('no complete point');
  // By a clock that was set back it lies ahead.
  expect(link([samplePoint({ site: 'B' })])).toBe('age not known');
  const broken = { ...pair, mirrorState: 'broken' } as const;
  const now = group([samplePoint({ site: 'B', unread, current: true })]);
  expect(mirrorOf(now, broken, null).words).toMatch(/^incomplete: /);
  expect(mirrorOf(now, { ...broken, id: 'another' }, null).words).toBe('broken');
});

test('a seed that was cut off is not said to be under way', () => {
  const cutOff = { was: 'The first copy to Hall B was cut off.', resume: [], rollback: [], changesSides: false };
  const seeding = sampleGroup({ phase: 'seeding' });
  expect([sideWords(seeding, 'B').is, phaseOf(seeding)]).toEqual(['Being seeded', 'Being seeded']);
  const left = { ...seeding, cutOff };
  expect([sideWords(left, 'B').is, phaseOf(left)]).toEqual(['Seed interrupted', 'Seed interrupted']);
});

test('where only steps of a plan are left, going on writes nothing; where they stopped before it, what it writes', () => {
  const stopped = { was: 'Its steps stopped.', resume: [], rollback: [], changesSides: false };
  const choices = startingChoices('');
  const done = sampleGroup({
    phase: 'failed-over',
    activeSite: 'recovery',
    replicaSite: 'primary',
    cutOff: { ...stopped, steps: { of: 'failover', done: true } },
  });
  expect(touchedWords(done, touchedBy('resume', done, choices))).toBe('no volume is written');
  expect(wayOf(done, 'resume')).toBe('');
  const before = sampleGroup({ cutOff: { ...stopped, steps: { of: 'failover', done: false } } });
  expect(touchedBy('resume', before, choices)).toEqual({ written: 'B', from: null });
  expect(wayOf(before, 'resume')).toBe('Production: Hall A → Hall B');
  expect(touchedWords(before, touchedBy('rollback', before, choices))).toBe('no volume is written');
});

test('how far a group is behind is the age of the point that a failover takes, not of a newer fuzzy one', () => {
  const now = Date.now();
  const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();
  const group = sampleGroup({
    failoverPointAt: at(212),
    passedOver: { points: 1, fuzzy: 1 },
    rpo: { targetSeconds: 900, actualSeconds: 200 },
    stores: sampleGroup().stores.map((store) => ({ ...store, state: 'read' as const })),
    points: [
      samplePoint({ id: '7.22', at: at(212) }),
      samplePoint({ id: '7.23', at: at(14), consistency: 'fuzzy', current: true }),
    ],
  });
  expect(lagOf(group, now)).toBe(212);
  expect(linkOf(group, null, now).label).toBe('4 min behind, target 15 min');
  expect(sideWords(group, 'B').note).toMatch(/^point .*, fuzzy$/);
  expect(lagOf({ ...group, rpo: { ...group.rpo, actualSeconds: null } }, now), 'none counts').toBeNull();
  const damaged = group.points.map((point) => ({ ...point, state: 'damaged' as const }));
  const without = { ...group, failoverPoint: '7.22', points: damaged };
  expect(linkOf(without, null, now).label).toBe('no sound point, 4 min behind');
});
