/**
 * Whether replicas that a cycle brings to a new point are those of the last one. What differs here and there is met
 * when it is overwritten; another volume that has got the path would be called mirrored where nothing changed.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { isAnother } from '../../store/as-mapped.ts';
import { anotherVolume, mappedAt } from '../another-volume.ts';
import { describeUnreadable, mendUnreadable } from '../unreadable-replica.ts';
import { type CheckInput, type Finding, pass, siteName } from './check.ts';

export function replicaItself(input: CheckInput, site: SiteLetter): Finding {
  const { group, context } = input;
  const found = mappedAt(group, context, site);
  const other = found.find(({ tally }) => isAnother(tally));
  const unreadable = found.flatMap((one) => one.unreadable);
  if (other === undefined && unreadable.length > 0) {
    return {
      status: 'warn',
      found: `At least ${describeUnreadable(group, site, unreadable)}, of a few chunks that were looked at. A cycle that has to read there stops; and a failover would promote what cannot be read.`,
      remedy: mendUnreadable(group.name),
    };
  }
  if (other === undefined) return pass(`A few chunks of each volume at ${siteName(input, site)} show no other one.`);
  const { message, remedy } = anotherVolume(group, site, other).report;
  return { status: 'fail', found: message, remedy };
}
