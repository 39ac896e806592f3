/** The pairs of a group are changed under its lock: looked at, or written to every store that can be read. */
import type { PairChange, PairOutlook } from '../../contract/pairs.ts';
import type { Machine } from '../../store/record.ts';
import { OpenGroup } from '../group.ts';
import { rememberIdentities } from '../identities.ts';
import type { Registration } from '../registration.ts';
import { lookAtAdding, withPairAdded, type PairPlaces } from './add-pair.ts';
import { lookAtRemoving, withPairRemoved } from './remove-pair.ts';
import { writeDefinition } from './set.ts';

type Places = PairPlaces & { machine: Machine; now: () => Date };

/** What a change comes to. Changes nothing. */
export function lookAtPairs(input: PairChange, registration: Registration, places: Places): PairOutlook {
  const group = OpenGroup.open(registration, places.machine, places.now);
  try {
    if (input.change === 'remove') return lookAtRemoving(group, input);
    const { objections, consequences, wantsConfirmation } = lookAtAdding(group, input, places);
    return { objections, consequences, wantsConfirmation };
  } finally {
    group.close();
  }
}

/** Changes the pairs and gives the group's new registration. Throws `busy`, and what the looks object to. */
export function changePairs(input: PairChange, registration: Registration, places: Places): Registration {
  const group = OpenGroup.open(registration, places.machine, places.now);
  try {
    group.lock(input.change === 'add' ? 'group add-pair' : 'group remove-pair');
    const definition = input.change === 'add' ? withPairAdded(group, input, places) : withPairRemoved(group, input);
    const written = writeDefinition(group, definition, places.now());
    // Its first cycle may begin by the clock, after a restart that gave devices other names.
    rememberIdentities(group, places.platform);
    return { ...registration, definition: written };
  } finally {
    group.unlock();
    group.close();
  }
}
