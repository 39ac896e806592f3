/**
 * A side whose promotion or undo was cut off, and then given up for the other side, holds a mix of two states. Before
 * it becomes a replica again it is brought back to what it held, from what is durable there: so what a reprotect
 * overwrites, and keeps, is something that was.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import { atNoPoint, wasCutOff } from '../../store/content.ts';
import { moveTo } from '../../store/move.ts';
import { samePoint, type SiteRecord } from '../../store/record.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { isMix } from '../../store/unread.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { leftoversWith } from './leftovers.ts';
import { countedClonesAt, missingOf, type Replaced } from './promoted-clones.ts';
import { takeSwapBack } from './promotion.ts';
import { forGood, rollBackOpenCycle } from './roll-back-open.ts';

/** Targets that a cycle made, or found blank, may hold something else by now: no journal proves that they do not. */
export function canBeTakenBack({ receiving }: SiteRecord): boolean {
  return receiving?.pairs.every((pair) => pair.save === 'journal' && !pair.created) ?? true;
}

/**
 * A change of point that was cut off had set production's version aside, or was about to: that is what the side held,
 * and there is no other copy of it. So it is brought back pair by pair, without those that are replaced, and where that
 * cannot be, nothing is overwritten.
 */
function giveVersionBack(group: OpenGroup, context: RunContext, site: SiteLetter, replaced: Replaced): void {
  const store = group.storeOf(site);
  const { promoting, beforeChange, incomplete } = store.record;
  const version = beforeChange.find((one) => one.epoch === promoting?.promotion.epoch);
  if (promoting?.swap === null && version !== undefined) {
    const missing = missingOf(group, site, version.epoch, replaced);
    if (missing.length > 0) {
      context.reporter.warn(
        `Production's version is not whole, as ${missing.join(', ')} is not there; so what the target holds is a mix, and its point before-reprotect incomplete.`,
      );
    }
    // From here on it is an exchange that is taken back, and files that are not there are those that are back already.
    store.update(
      {
        ...atNoPoint,
        ...leftoversWith(store.record, countedClonesAt(group, site)),
        promoting: { ...promoting, swap: 'set-aside' },
        incomplete: incomplete || missing.length > 0,
      },
      context.now(),
    );
  }
  takeSwapBack(group, context, site, replaced);
}

/**
 * Says durably that what the side is brought back to lacks the pairs that are replaced, as their volumes stay what they
 * are: a run that is cut off here may be followed by one that replaces none.
 */
function giveUp(group: OpenGroup, context: RunContext, site: SiteLetter, replaced: Replaced): ReadonlySet<number> {
  const store = group.storeOf(site);
  const numbers = group.definition.pairs.filter(({ id }) => replaced.has(id)).map(({ number }) => number);
  if (numbers.length > 0) {
    const points = store.record.points.map((point) => ({
      ...point,
      lacks: [...new Set([...point.lacks, ...numbers])],
    }));
    store.update({ points }, context.now());
  }
  return new Set(numbers);
}

function takeBack(group: OpenGroup, context: RunContext, site: SiteLetter, replaced: Replaced): void {
  const store = group.storeOf(site);
  const { receiving, moving } = store.record;
  if (receiving === null && moving === null) return;
  const without = giveUp(group, context, site, replaced);
  if (moving === null) {
    rollBackOpenCycle(group, context, site, {}, without);
    return;
  }
  announcePairs(context, group.definition.pairs, site);
  const control = LaneControl.above(context.steering.shared);
  const back = (volumes: VolumeSet): number =>
    moveTo(store, moving.from, {
      volumes,
      now: context.now,
      begin: {},
      done: {},
      checkpoint: () => {
        control.checkpoint();
      },
    });
  withVolumes(group, context, site, 'write-exclusive', back, without);
}

/**
 * Brings the volumes of a side, without those that are replaced, to the last state that they were whole in; false where
 * that cannot be done any more, because somebody wrote to them or a journal is damaged. Any other error is not told as
 * that: it may pass.
 */
export function makeWhole(group: OpenGroup, context: RunContext, site: SiteLetter, replaced: Replaced): boolean {
  if (!canBeTakenBack(group.storeOf(site).record)) {
    context.reporter.warn(
      'What was cut off at the target cannot be taken back, as not all that it overwrote was saved; so what the target holds is a mix, and its point before-reprotect incomplete.',
    );
    return false;
  }
  const cutOff = wasCutOff(group.storeOf(site).record);
  if (cutOff) context.reporter.step('Taking back what was cut off at the target');
  giveVersionBack(group, context, site, replaced);
  try {
    if (cutOff) takeBack(group, context, site, replaced);
    const { points, position, incomplete } = group.storeOf(site).record;
    return !incomplete && !isMix(points.find((point) => samePoint(point, position)));
  } catch (error) {
    const { code, message } = asReport(error);
    if (!forGood.includes(code)) throw error;
    context.reporter.warn(`${message} So what the target holds is a mix, and its point before-reprotect incomplete.`);
    return false;
  }
}
