/** Whether the pairs of a group may be changed now: only while nothing is under way that counts on those it has. */
import { SitepairError } from '../../contract/errors.ts';
import { pointId } from '../../store/record.ts';
import { remedyOfSplit } from '../allowed.ts';
import type { OpenGroup } from '../group.ts';
import { sites } from '../registration.ts';
import { whatItIs } from '../states.ts';

function refused(group: OpenGroup, why: string, remedy: string): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The pairs of ${group.name} cannot be changed now: ${why}.`,
    where: group.name,
    remedy,
  });
}

/**
 * Throws `not-allowed` where something is under way, `split` where both sides were promoted, and `store-unread` where
 * the store of the replica cannot be used.
 */
export function assertAtRest(group: OpenGroup): void {
  const { name, state, ownership } = group;
  if (ownership.relation === 'split') {
    throw refused(group, 'both sides were promoted without knowing of each other (split)', remedyOfSplit(name));
  }
  group.storeOf(group.replicaSite);
  const open = sites.some((site) => {
    const record = group.recordOf(site);
    return record !== null && (record.receiving !== null || record.moving !== null || record.promoting !== null);
  });
  if (open || (state.phase !== 'protected' && state.phase !== 'unprotected')) {
    const why =
      state.phase === 'protected' ? 'something was begun and has not ended' : `the group ${whatItIs(state.phase)}`;
    throw refused(group, why, `End what is under way first; see: sitepair group show ${name}`);
  }
  for (const site of sites) {
    const { beforeChange = [], promotedClones = false } = group.recordOf(site) ?? {};
    if (promotedClones) throw refused(group, 'clones of promoted volumes are kept', `See: sitepair group show ${name}`);
    if (beforeChange.length === 0) continue;
    const drops = beforeChange.map((one) => `sitepair points ${name} --drop ${pointId(one)} --confirm ${name}`);
    throw refused(
      group,
      "versions that were set aside by a change of point lie beside the group's volumes",
      `Drop them first, when they are not needed any more: ${drops.join(', then ')}`,
    );
  }
}
