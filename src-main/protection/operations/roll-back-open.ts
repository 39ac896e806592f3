/** Rolling back the cycle that is open at a side, whichever operation it was opened for. */
import { LaneControl } from '../../engine/control.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { SiteRecord } from '../../store/record.ts';
import { rollbackCycle } from '../../store/rollback.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { removeCreated } from './created-files.ts';

/**
 * Brings a side's volumes back to what they held before its open cycle. `also` becomes durable in the same step as the
 * end of the cycle, so that the group is never in a phase whose cycle is gone. Without an open cycle only `also` is
 * written. Throws as `rollbackCycle`.
 */
export function rollBackOpenCycle(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  also: Partial<SiteRecord>,
): void {
  const store = group.storeOf(site);
  if (store.record.receiving !== null) announcePairs(context, group.definition.pairs, site);
  const control = LaneControl.above(context.steering.shared);
  const bytesWritten = withVolumes(group, context, site, 'write-exclusive', (volumes) =>
    rollbackCycle(store, {
      volumes,
      now: context.now(),
      also,
      checkpoint: () => {
        control.checkpoint();
      },
      removeCreated: (numbers) => {
        removeCreated(group, site, numbers);
      },
    }),
  );
  control.add(0, 'bytesWritten', bytesWritten);
}

/**
 * Rolls back a cycle of which no phase speaks any more: a split was decided against its side. What the volumes held
 * before it is what is to be kept. Only where journals prove every chunk of it: targets that the cycle made, or found
 * blank, may hold something else by now.
 */
export function rollBackLeftOver(group: OpenGroup, context: RunContext, site: SiteLetter): void {
  const { receiving } = group.storeOf(site).record;
  if (receiving?.pairs.every((pair) => pair.save === 'journal' && !pair.created) !== true) return;
  context.reporter.step('Rolling the open cycle back');
  rollBackOpenCycle(group, context, site, {});
}
