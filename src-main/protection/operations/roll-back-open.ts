/** Rolling back the cycle that is open at a side, whichever operation it was opened for. */
import { SitepairError, type ErrorCode } from '../../contract/errors.ts';
import { LaneControl } from '../../engine/control.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { Damage } from '../../store/damage.ts';
import { definitionAtWork } from '../../store/pairs.ts';
import type { SiteRecord } from '../../store/record.ts';
import { rollbackCycle } from '../../store/rollback.ts';
import type { VolumeSet } from '../../store/volume-set.ts';
import { acceptsDamage, acceptsForeign, describeDamage } from '../accepted-damage.ts';
import { asReport } from '../errors.ts';
import type { OpenGroup } from '../group.ts';
import { announcePairs, type RunContext } from '../run-context.ts';
import { withVolumes } from '../volumes-of.ts';
import { joiningOutOfReach } from './joining.ts';
import { removeMade } from './targets.ts';

/**
 * Brings a side's volumes back to what they held before its open cycle. `also` becomes durable in the same step as the
 * end of the cycle, so that the group is never in a phase whose cycle is gone. Without an open cycle only `also` is
 * written. Where the operator accepts damage, what cannot be brought back is told; else that throws, as
 * `rollbackCycle`. Volumes of pairs that it goes `without` stay as they are.
 */
export function rollBackOpenCycle(
  group: OpenGroup,
  context: RunContext,
  site: SiteLetter,
  also: Partial<SiteRecord>,
  without?: ReadonlySet<number>,
): void {
  const store = group.storeOf(site);
  const { pairs } = definitionAtWork(store.record);
  if (store.record.receiving !== null) announcePairs(context, pairs, site);
  const left = joiningOutOfReach(group, context, site).map(({ number }) => number);
  const control = LaneControl.above(context.steering.shared);
  const roll = (volumes: VolumeSet): number =>
    rollbackCycle(store, {
      volumes,
      now: context.now(),
      also,
      checkpoint: () => {
        control.checkpoint();
      },
      foreignAccepted: acceptsForeign(context.request),
      ...(acceptsDamage(context.request) && {
        accepted: (damage: Damage) => {
          context.reporter.warn(`${describeDamage(group, site, damage)} The points are marked damaged.`);
        },
      }),
      leftAlone: (strangers) => {
        const paths = pairs.filter(({ number }) => strangers.includes(number));
        context.reporter.warn(
          `${paths.map((pair) => pair.paths[site]).join(', ')} held nothing of what the cycle wrote, and was left as it is.`,
        );
      },
      removeCreated: (created) => {
        removeMade(pairs, site, created);
      },
    });
  const bytesWritten = withVolumes(
    group,
    context,
    site,
    'write-exclusive',
    roll,
    new Set([...(without ?? []), ...left]),
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
  removeMade(definitionAtWork(store.record).pairs, site, store.record.receiving?.pairs ?? []);
  store.update({ ...also, ...fields, receiving: null }, context.now());
  group.settle(state, site);
}

/** Errors that trying again does not mend. */
export const forGood: readonly ErrorCode[] = ['replica-changed', 'store-damaged'];

/**
 * Takes a repair back that was cut off. Where that cannot be done any more it is given up, and the replica is in doubt,
 * as it was before: its point has digests for all of it, so that a verify or the next cycle finds what differs. An
 * unplanned failover, to which nobody may be found any more to mend it, ends there.
 */
export function endOpenRepair(group: OpenGroup, context: RunContext): void {
  const site = group.replicaSite;
  // An old copy of a store may tell of a repair too; its journals are not used.
  if (group.recordOf(site)?.receiving?.kind !== 'repair') return;
  try {
    rollBackOpenCycle(group, context, site, {});
  } catch (error) {
    const { code, message, where } = asReport(error);
    if (!forGood.includes(code)) throw error;
    group.storeOf(site).update({ receiving: null, doubtful: true }, context.now());
    group.storeOf(site).collectGarbage();
    const givenUp = `A repair of the replica was cut off and could not be taken back; it was given up, and the replica is in doubt. ${message}`;
    if (context.request.operation !== 'failover') {
      context.reporter.warn(givenUp);
      return;
    }
    throw new SitepairError({
      code,
      message: `${givenUp} Nothing was promoted.`,
      ...(where === undefined ? {} : { where }),
      remedy: `While the source answers, mend it first: sitepair verify ${group.name} --repair. Where the source is lost, start the failover again with --accept replica-intact.`,
    });
  }
}
