/**
 * Points end here: retention drops the oldest, the operator drops any but the one that the volumes are at. Dropping a
 * point that something older still needs hands its journals to the point beside it; when those become many they are
 * folded into one, older content winning.
 */
import { SitepairError } from '../contract/errors.ts';
import type { GroupStore } from './group-store.ts';
import { foldJournals } from './fold.ts';
import { segmentPayloadBytes } from './journal-format.ts';
import {
  pointId,
  samePoint,
  type JournalReference,
  type PointKey,
  type SiteRecord,
  type StoredPoint,
} from './record.ts';

/** When and how journals are folded. */
export interface Folding {
  /** Journals that one point may rest on before they are folded into one. */
  above: number;
  /** How much old content one segment of the folded journal holds, bytes. */
  segmentPayloadBytes: number;
}

const usualFolding: Folding = { above: 24, segmentPayloadBytes };

function withoutPoint(points: readonly StoredPoint[], index: number): StoredPoint[] {
  const dropped = points[index];
  const next = points[index + 1];
  if (dropped === undefined || next === undefined) throw new Error(`no point ${index} with a newer one`);
  const undo = index === 0 ? [] : [...dropped.undo, ...next.undo];
  return [...points.slice(0, index), { ...next, undo }, ...points.slice(index + 2)];
}

/** Whether a point cannot be dropped now, as the volumes are at it, or are being brought to or from it. */
export function mustStay({ points, position, moving, receiving }: SiteRecord, key: PointKey): boolean {
  return samePoint(points.at(-1) ?? null, key) || samePoint(position, key) || moving !== null || receiving !== null;
}

/**
 * Drops one point. Throws `point-unknown`, and `not-allowed` for the point that the volumes are at or are coming from.
 * Gives what kept journals from being folded, which changes nothing of the points.
 */
export function dropPoint(
  store: GroupStore,
  key: PointKey,
  now: Date,
  folding: Folding = usualFolding,
): SitepairError | null {
  const { points } = store.record;
  const index = points.findIndex((point) => samePoint(point, key));
  if (index < 0) {
    throw new SitepairError({
      code: 'point-unknown',
      message: `There is no point ${pointId(key)} in this store.`,
      remedy: 'List the points with: sitepair points NAME',
    });
  }
  if (mustStay(store.record, key)) {
    throw new SitepairError({
      code: 'not-allowed',
      message: `Point ${pointId(key)} cannot be dropped: the volumes are at it, or are being brought to or from it.`,
      remedy: 'Drop an older point, or wait until the operation is done.',
    });
  }
  if (store.disk.isPinned()) {
    throw new SitepairError({
      code: 'not-allowed',
      message: `Point ${pointId(key)} cannot be dropped now: a test failover reads the points of this store.`,
      remedy: 'Wait until the test failover has its copy, or stop it.',
    });
  }
  store.update({ points: withoutPoint(points, index) }, now);
  return tidyJournals(store, now, folding);
}

/** What retention came to. */
export interface Retained {
  dropped: PointKey[];
  /** What kept journals from being folded, which changes nothing of the points. */
  unfolded: SitepairError | null;
}

/**
 * Drops the oldest cycle points beyond `keep`, never the newest one that is not fuzzy, nor the newest that is whole,
 * never one that the volumes are at. Points that hold what would else be lost (`before-…`) stay until they are dropped
 * by name. Nothing is dropped while the volumes are on their way to another point, nor while somebody reads one
 * (pin.ts).
 */
export function applyRetention(store: GroupStore, keep: number, now: Date, folding: Folding = usualFolding): Retained {
  const dropped: PointKey[] = [];
  if (store.disk.isPinned()) return { dropped, unfolded: null };
  for (;;) {
    const { points, position, moving } = store.record;
    if (moving !== null) break;
    const cycles = points.filter((point) => point.kind === 'cycle');
    const best = cycles.filter((point) => point.consistency !== 'fuzzy' && point.state === 'usable').at(-1);
    const whole = cycles.findLast((point) => point.state === 'usable');
    const victim = cycles
      .slice(0, Math.max(0, cycles.length - keep))
      .find((point) => ![best, whole, points.at(-1)].includes(point) && !samePoint(point, position));
    if (victim === undefined) break;
    store.update({ points: withoutPoint(points, points.indexOf(victim)) }, now);
    dropped.push({ epoch: victim.epoch, cycle: victim.cycle });
  }
  return { dropped, unfolded: dropped.length > 0 ? tidyJournals(store, now, folding) : null };
}

/**
 * Gives the space of dropped points back, and then folds long chains, which needs space. A store without it keeps the
 * chains as they are, and they are folded another time.
 */
function tidyJournals(store: GroupStore, now: Date, folding: Folding): SitepairError | null {
  store.collectGarbage();
  for (const point of store.record.points) {
    if (point.undo.length <= folding.above) continue;
    let folded: JournalReference[];
    try {
      folded = foldJournals(store, point, folding.segmentPayloadBytes);
    } catch (error) {
      if (error instanceof SitepairError) return error;
      throw error;
    }
    store.update(
      { points: store.record.points.map((other) => (samePoint(other, point) ? { ...other, undo: folded } : other)) },
      now,
    );
    store.collectGarbage();
  }
  return null;
}
