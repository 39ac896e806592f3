/**
 * A side whose promotion or undo was cut off, and then given up for the other side, holds a mix of two states. Before
 * it becomes a replica again it is brought back to what it held, from what is durable there: so what a reprotect
 * overwrites, and keeps, is something that was.
 */
import type { ErrorCode } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { LaneControl } from '../../engine/control.ts';
import { moveTo } from '../../store/move.ts';
import { samePoint } from '../../store/record.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { rollBackOpenCycle } from './roll-back-open.ts';

/** Errors that trying again does not mend. */
const forGood: readonly ErrorCode[] = ['replica-changed', 'store-damaged'];

function bringBack(group: OpenGroup, context: RunContext, site: SiteLetter): void {
  const store = group.storeOf(site);
  const { receiving, moving } = store.record;
  if (receiving === null && moving === null) return;
  context.reporter.step('Taking back what was cut off at the target');
  if (receiving !== null) {
    rollBackOpenCycle(group, context, site, {});
    return;
  }
  if (moving === null) return;
  announcePairs(context, group.definition.pairs, site);
  const control = LaneControl.above(context.steering.shared);
  withVolumes(group, context, site, 'write-exclusive', (volumes) =>
    moveTo(store, moving.from, {
      volumes,
      now: context.now,
      begin: {},
      done: {},
      checkpoint: () => {
        control.checkpoint();
      },
    }),
  );
}

/**
 * Brings the volumes of a side to the last state that they were whole in; false where that cannot be done any more,
 * because somebody wrote to them or a journal is damaged, or because a volume that is replaced now was needed for it.
 */
export function makeWhole(group: OpenGroup, context: RunContext, site: SiteLetter, replaces: boolean): boolean {
  try {
    bringBack(group, context, site);
    const { points, position } = group.storeOf(site).record;
    return points.find((point) => samePoint(point, position))?.state !== 'incomplete';
  } catch (error) {
    const { code, message } = asReport(error);
    if (code === 'cancelled' || !(replaces || forGood.includes(code))) throw error;
    context.reporter.warn(`${message} So what the target holds is a mix, and its point before-reprotect incomplete.`);
    return false;
  }
}
