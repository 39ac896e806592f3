/**
 * What an open cycle can no longer be rolled back to. Looked at in the checks only where the operator accepts damage,
 * or may be about to, as it reads the whole journal; else the rollback itself looks, and refuses.
 */
import { LaneControl } from '../../engine/control.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import { damageOf, isDamage } from '../../store/damage.ts';
import { acceptsDamage, acceptsForeign, describeDamage } from '../accepted-damage.ts';
import { withVolumes } from '../volumes-of.ts';
import { type CheckInput, type Finding, pass } from './check.ts';

export function openCycleDamage({ group, context }: CheckInput, site: SiteLetter, always: boolean): Finding {
  const { request, steering } = context;
  if (!always && !acceptsDamage(request) && !acceptsForeign(request)) {
    return pass('A cycle is open; its journal is checked before anything is rolled back.');
  }
  const control = LaneControl.above(steering.shared);
  const damage = withVolumes(group, context, site, 'read', (volumes) =>
    damageOf(group.storeOf(site), {
      volumes,
      checkpoint: () => {
        control.checkpoint();
      },
    }),
  );
  if (!isDamage(damage)) return pass('A cycle is open; all that it overwrote can be put back.');
  return {
    status: 'fail',
    found: describeDamage(group, site, damage),
    remedy:
      'Accepted, the rest is put back and the points are marked damaged; where the source answers, resume instead.',
  };
}
