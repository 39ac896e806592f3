/**
 * Judging two ownership records: which one governs, whether the other is merely behind, or whether the group is split.
 * The higher epoch whose lineage contains the other's governs; unrelated lineages, or equal epochs with different ones,
 * are split.
 */
import type { SiteLetter } from '../contract/phases.ts';
import type { Promotion, SiteRecord } from '../store/record.ts';

export type Ownership =
  /** Both say the same. */
  | { relation: 'agree'; governing: SiteRecord; other: SiteRecord }
  /** The other record has not heard of the newest promotion; its side is fenced until it is brought up to date. */
  | { relation: 'behind'; governing: SiteRecord; other: SiteRecord }
  /** Only one record can be read. */
  | { relation: 'alone'; governing: SiteRecord; other: null }
  /** Both sides were promoted without knowing of each other. */
  | { relation: 'split'; governing: SiteRecord; other: SiteRecord }
  | { relation: 'none'; governing: null; other: null };

/** Whether `long` begins with all of `short`. */
export function contains(long: readonly Promotion[], short: readonly Promotion[]): boolean {
  return short.length <= long.length && short.every((promotion, n) => promotion.id === long[n]?.id);
}

/** Of two records of one lineage, the one that knows the later phase. */
function laterPhase(a: SiteRecord, b: SiteRecord): [SiteRecord, SiteRecord] {
  return b.phaseSerial > a.phaseSerial ? [b, a] : [a, b];
}

/** Which of two records governs, and how the other stands to it. Null stands for a record that cannot be used. */
export function judgeOwnership(a: SiteRecord | null, b: SiteRecord | null): Ownership {
  if (a === null || b === null) {
    const governing = a ?? b;
    if (governing === null) return { relation: 'none', governing, other: null };
    return { relation: 'alone', governing, other: null };
  }
  const aHoldsB = contains(a.lineage, b.lineage);
  const bHoldsA = contains(b.lineage, a.lineage);
  if (aHoldsB && bHoldsA) {
    const [governing, other] = laterPhase(a, b);
    return { relation: 'agree', governing, other };
  }
  if (aHoldsB && a.epoch > b.epoch) return { relation: 'behind', governing: a, other: b };
  if (bHoldsA && b.epoch > a.epoch) return { relation: 'behind', governing: b, other: a };
  const [governing, other] = a.epoch >= b.epoch ? [a, b] : [b, a];
  return { relation: 'split', governing, other };
}

/**
 * Whether a record is one that a group went on without, when its store was taken for lost: its twin's lineage says so,
 * which goes on from its own. A fresh record, that is to take the place of such a one, has given out no number yet.
 */
function wasGivenUp({ site, counter, lineage }: SiteRecord, twin: SiteRecord): boolean {
  if (counter === 0 || !contains(twin.lineage, lineage)) return false;
  return twin.lineage
    .slice(lineage.length)
    .some((promotion) => promotion.why === 'store-lost' && promotion.site !== site);
}

/** Whether a record is an older copy than the one that its twin, or this machine's catalog, has seen. */
export function isStale(record: SiteRecord, twin: SiteRecord | null, lastSeenSerial: number): boolean {
  if (record.serial < Math.max(twin?.twinSerial ?? 0, lastSeenSerial)) return true;
  return twin !== null && wasGivenUp(record, twin);
}

/** What a site is in a state: the word that its record carries. */
export function roleOf(
  site: SiteLetter,
  activeSite: SiteLetter | null,
  replicaSite: SiteLetter | null,
  replicating: boolean,
): SiteRecord['role'] {
  if (activeSite === site) return 'production';
  if (replicaSite === null) return 'none';
  return replicating && replicaSite === site ? 'replica' : 'superseded';
}
