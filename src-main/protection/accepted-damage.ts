/** A rollback of which the operator accepts that not all comes back: when that is so, and how it is told. */
import type { OperationRequest } from '../contract/runs.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { counted } from '../contract/wording.ts';
import { isForeign } from '../store/evidence.ts';
import type { Damage } from '../store/damage.ts';
import type { OpenGroup } from './group.ts';

const namedChunks = 10;

/** Only a rollback and an unplanned failover may leave damage: where the source is lost there is no other way on. */
export function acceptsDamage({ operation, accept }: OperationRequest): boolean {
  return (operation === 'rollback' || operation === 'failover') && accept?.includes('replica-intact') === true;
}

/** What cannot be brought back at a site, how many and where, as one sentence. */
export function describeDamage(group: OpenGroup, site: SiteLetter, { chunks, journals, evidence }: Damage): string {
  const named = chunks.slice(0, namedChunks).map(({ pair, offset, length }) => {
    const path = group.definition.pairs.find((one) => one.number === pair)?.paths[site] ?? `pair ${pair}`;
    return `${path} bytes ${offset}-${offset + length}`;
  });
  const more = chunks.length > namedChunks ? [`and ${chunks.length - namedChunks} more`] : [];
  const written = `somebody else wrote to ${counted(chunks.length, 'chunk')} of the open cycle (${[...named, ...more].join('; ')})`;
  const lacking = `undo journals are damaged (${journals.join('; ')}), so that what else they held is not put back`;
  const foreign = group.definition.pairs.flatMap(({ number, paths }) => {
    const found = evidence.get(number);
    return found && isForeign(found) ? [`${paths[site]} holds nothing of what the cycle saved or wrote there`] : [];
  });
  const parts = [...(chunks.length > 0 ? [written] : []), ...(journals.length > 0 ? [lacking] : []), ...foreign];
  const said = parts.join('; ');
  return `Not all of the replica can be brought back to its point: ${said}.`;
}
