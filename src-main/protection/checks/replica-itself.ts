/**
 * Whether replicas that a cycle brings to a new point are those of the last one. What differs here and there is met
 * when it is overwritten; another volume that has got the path would be called mirrored where nothing changed.
 */
import type { SiteLetter } from '../../contract/phases.ts';
import { isAnother } from '../../store/as-mapped.ts';
import { anotherVolume, mappedAt } from '../another-volume.ts';
import { type CheckInput, type Finding, pass, siteName } from './check.ts';

export function replicaItself(input: CheckInput, site: SiteLetter): Finding {
  const { group, context } = input;
  const other = mappedAt(group, context, site).find(({ tally }) => isAnother(tally));
  if (other === undefined) return pass(`A few chunks of each volume at ${siteName(input, site)} show no other one.`);
  const { message, remedy } = anotherVolume(group, site, other).report;
  return { status: 'fail', found: message, remedy };
}
