/** Judging two ownership records: whatever each side did unseen by the other, at most one is taken for active. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SiteLetter } from '../../src-main/contract/phases.ts';
import { contains, isStale, judgeOwnership, roleOf } from '../../src-main/protection/ownership.ts';
import { otherSite } from '../../src-main/protection/states.ts';
import { freshRecord } from '../../src-main/protection/store-setup.ts';
import { defaultPolicy } from '../../src-main/protection/admin/create.ts';
import type { Promotion, SiteRecord } from '../../src-main/store/record.ts';

const definition = {
  id: '0123456789abcdef0123456789abcdef',
  name: 'erp',
  version: 1,
  siteNames: { A: 'Hall A', B: 'Hall B' },
  primarySite: 'A',
  pairs: [{ number: 1, id: 'pair-1', sizeBytes: 4096, paths: { A: '/a', B: '/b' } }],
  lastNumber: 1,
  policy: defaultPolicy,
} as const;
const now = new Date('2026-01-02T03:04:05Z');

function record(site: SiteLetter, change: Partial<SiteRecord> = {}): SiteRecord {
  const fresh = freshRecord(
    { ...definition, pairs: [...definition.pairs], joining: [] },
    site,
    { id: 'm', name: 'm' },
    null,
    now,
  );
  return { ...fresh, ...change };
}

/** A side that was promoted, on top of what it knows. */
function promoted(from: SiteRecord, id: string): SiteRecord {
  const epoch = from.epoch + 1;
  const promotion: Promotion = { epoch, id, site: from.site, point: null, at: now.toISOString(), why: 'failover' };
  const lineage = [...from.lineage, promotion];
  return {
    ...from,
    epoch,
    lineage,
    activeSite: from.site,
    replicaSite: otherSite(from.site),
    phase: 'failed-over',
    phaseSerial: from.phaseSerial + 1,
  };
}

/** What a side knows once it was told by the other. */
function told(by: SiteRecord, site: SiteLetter): SiteRecord {
  return { ...by, site };
}

interface Step {
  act: 'promote' | 'tell' | 'phase';
  site: SiteLetter;
}
const step = fc.record({ act: fc.constantFrom('promote', 'tell', 'phase'), site: fc.constantFrom('A', 'B') });
const steps = fc.array(step, { maxLength: 12, size: 'max' });

/**
 * Plays what two sides do, told of each other or not. A side that is split from the other, or behind it, tells it
 * nothing.
 */
function play(history: readonly Step[]): { A: SiteRecord; B: SiteRecord } {
  const sides = { A: record('A'), B: record('B') };
  history.forEach(({ act, site }, n) => {
    const present = sides[site];
    if (act === 'promote') sides[site] = promoted(present, `promotion ${n}`);
    if (act === 'phase') sides[site] = { ...present, phase: 'protected', phaseSerial: present.phaseSerial + 1 };
    const { relation, governing } = judgeOwnership(sides.A, sides.B);
    if (act === 'tell' && relation !== 'split' && governing?.site === site) {
      sides[otherSite(site)] = told(present, otherSite(site));
    }
  });
  return sides;
}

describe('two sides that did what they did', () => {
  test('are never both taken for active', () => {
    let both = 0;
    fc.assert(
      fc.property(steps, (history) => {
        const { A, B } = play(history);
        if (A.activeSite !== 'A' || B.activeSite !== 'B') return;
        both += 1;
        const judged = judgeOwnership(A, B);
        expect(['split', 'behind']).toContain(judged.relation);
        // Of a side that is behind, the other's lineage says that it was promoted over: that one is fenced.
        if (judged.relation !== 'behind') return;
        expect(contains(judged.governing.lineage, judged.other.lineage)).toBe(true);
        expect(judged.governing.epoch).toBeGreaterThan(judged.other.epoch);
      }),
    );
    expect(both).toBeGreaterThan(10);
  });

  test('are judged the same, whichever is named first', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { A, B } = play(history);
        const judged = judgeOwnership(A, B);
        const swapped = judgeOwnership(B, A);
        expect(swapped.relation).toBe(judged.relation);
        const even = judged.relation === 'agree' ? A.phaseSerial === B.phaseSerial : A.epoch === B.epoch;
        if (!even) expect(swapped.governing).toBe(judged.governing);
      }),
    );
  });

  test('agree, the later phase governing, as long as neither was promoted unseen', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { A, B } = play(history.filter(({ act }) => act !== 'promote'));
        const { relation, governing } = judgeOwnership(A, B);
        expect(relation).toBe('agree');
        expect(governing?.phaseSerial).toBe(Math.max(A.phaseSerial, B.phaseSerial));
      }),
    );
  });

  test('are split exactly where each knows a promotion that the other does not', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(steps, (history) => {
        const { A, B } = play(history);
        const ids = (one: SiteRecord): Set<string> => new Set(one.lineage.map(({ id }) => id));
        const onlyA = ids(A).difference(ids(B)).size > 0;
        const onlyB = ids(B).difference(ids(A)).size > 0;
        const { relation, governing } = judgeOwnership(A, B);
        seen.add(relation);
        expect(relation).toBe(onlyA && onlyB ? 'split' : onlyA || onlyB ? 'behind' : 'agree');
        if (relation === 'behind') expect(governing).toBe(onlyA ? A : B);
      }),
    );
    expect(seen).toEqual(new Set(['split', 'behind', 'agree']));
  });
});

describe('single judgements', () => {
  const base = promoted(record('A'), 'first');

  test('equal epochs with different promotions are split, however the phases stand', () => {
    const A = promoted(base, 'at A');
    const B = { ...promoted(told(base, 'B'), 'at B'), phaseSerial: 99 };
    expect(A.epoch).toBe(B.epoch);
    expect(judgeOwnership(A, B).relation).toBe('split');
  });

  test('a higher epoch alone does not govern: unrelated lineages are split', () => {
    const A = promoted(promoted(base, 'second'), 'third');
    expect(judgeOwnership(A, promoted(record('B'), 'of another')).relation).toBe('split');
  });

  test('a longer lineage whose epoch is not higher is split, not believed', () => {
    const A = { ...promoted(base, 'second'), epoch: base.epoch };
    expect(judgeOwnership(A, told(base, 'B')).relation).toBe('split');
  });

  test('a side that was promoted over is behind, and the promoted side governs', () => {
    const B = promoted(told(base, 'B'), 'failover');
    expect(judgeOwnership(base, B)).toEqual({ relation: 'behind', governing: B, other: base });
    expect(judgeOwnership(B, base)).toEqual({ relation: 'behind', governing: B, other: base });
  });

  test('with one record there is that one; with none, none', () => {
    expect(judgeOwnership(base, null)).toEqual({ relation: 'alone', governing: base, other: null });
    expect(judgeOwnership(null, base)).toEqual({ relation: 'alone', governing: base, other: null });
    expect(judgeOwnership(null, null)).toEqual({ relation: 'none', governing: null, other: null });
  });
});

describe('lineages', () => {
  const ids = fc.array(fc.constantFrom('p', 'q', 'r'), { maxLength: 6 });
  const lineage = (names: readonly string[]): Promotion[] =>
    names.map((id, n) => ({ epoch: n + 1, id, site: 'A', point: null, at: '', why: 'failover' }));

  test('one contains another exactly where it begins with it', () => {
    fc.assert(
      fc.property(ids, ids, (long, short) => {
        const begins = long.slice(0, short.length).join() === short.join() && short.length <= long.length;
        expect(contains(lineage(long), lineage(short))).toBe(begins);
        expect(contains(lineage([...long, ...short]), lineage(long))).toBe(true);
        expect(contains(lineage(long), lineage([...long, 'z']))).toBe(false);
      }),
    );
  });
});

describe('old copies', () => {
  const serial = fc.nat(20);

  test('a record is stale exactly where its twin, or this machine, knows a later one', () => {
    fc.assert(
      fc.property(serial, serial, serial, (own, twinKnows, seen) => {
        const one = record('A', { serial: own });
        const twin = record('B', { twinSerial: twinKnows });
        expect(isStale(one, twin, seen)).toBe(own < twinKnows || own < seen);
        expect(isStale(one, null, seen)).toBe(own < seen);
      }),
    );
  });

  describe('of a store that was given up as lost', () => {
    const lost: Promotion = { epoch: 1, id: 'lost', site: 'A', point: null, at: '', why: 'store-lost' };
    const twin = record('A', { epoch: 1, lineage: [lost], counter: 3 });

    test('are stale however high their serial is, until they know of the loss', () => {
      const old = record('B', { serial: 99, counter: 3 });
      expect(isStale(old, twin, 0)).toBe(true);
      expect(isStale({ ...old, epoch: 1, lineage: [lost] }, twin, 0)).toBe(false);
    });

    test('are another matter than the fresh one in its place, the survivor, and a side that was promoted', () => {
      expect(isStale(record('B'), twin, 0)).toBe(false);
      expect(isStale(record('A', { counter: 3 }), { ...twin, site: 'B' }, 0)).toBe(false);
      const apart = promoted(record('B', { counter: 3 }), 'unseen');
      expect(isStale(apart, twin, 0)).toBe(false);
      expect(judgeOwnership(twin, apart).relation).toBe('split');
    });
  });
});

describe('roles', () => {
  const site = fc.constantFrom<SiteLetter>('A', 'B');
  const orNull = fc.option(site);

  test('at most one site is production, and a site without production is never called so', () => {
    fc.assert(
      fc.property(orNull, orNull, fc.boolean(), (active, replica, replicating) => {
        const roles = (['A', 'B'] as const).map((one) => roleOf(one, active, replica, replicating));
        expect(roles.filter((role) => role === 'production').length).toBe(active === null ? 0 : 1);
        if (active !== null) expect(roleOf(active, active, replica, replicating)).toBe('production');
        expect(roles.filter((role) => role === 'replica').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
