/** Rolling back the cycle that is open at a side, whichever operation it was opened for. */
import { LaneControl } from '../../engine/control.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { SiteRecord } from '../../store/record.ts';
import { rollbackCycle, type Damage } from '../../store/rollback.ts';
import { acceptsDamage, describeDamage } from '../accepted-damage.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { removeMade } from './targets.ts';

/**
 * Brings a side's volumes back to what they held before its open cycle. `also` becomes durable in the same step as the
 * end of the cycle, so that the group is never in a phase whose cycle is gone. Without an open cycle only `also` is
 * written. Where the operator accepts damage, what cannot be brought back is told; else that throws, as
 * `rollbackCycle`.
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
      ...(acceptsDamage(context.request) && {
        accepted: (damage: Damage) => {
          context.reporter.warn(`${describeDamage(group, site, damage)} The points are marked damaged.`);
        },
      }),
      removeCreated: (created) => {
        removeMade(group.definition.pairs, site, created);
      },
    }),
  );
  control.add(0, 'bytesWritten', bytesWritten);
}

/**
 * Ends an open cycle that this run opened and under which nothing was read or written yet: the volumes are as they
 * were. `also` becomes durable in the same step.
 */
export function takeBackUnread(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  also: Partial<SiteRecord>,
): void {
  const store = group.storeOf(site);
  const { fields, state } = group.fieldsAfter('rollback', site);
  removeMade(group.definition.pairs, site, store.record.receiving?.pairs ?? []);
  store.update({ ...also, ...fields, receiving: null }, context.now());
  group.settle(state, site);
}
