/** A rollback of which the operator accepts that not all comes back: when that is so, and how it is told. */
import type { OperationRequest } from '../contract/runs.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { counted } from '../contract/wording.ts';
import type { Damage } from '../store/rollback.ts';
import type { OpenGroup } from './group.ts';

const namedChunks = 10;

/** Only a rollback and an unplanned failover may leave damage: where the source is lost there is no other way on. */
export function acceptsDamage({ operation, accept }: OperationRequest): boolean {
  return (operation === 'rollback' || operation === 'failover') && accept?.includes('replica-intact') === true;
}

export function isDamage({ chunks, journals }: Damage): boolean {
  return chunks.length + journals.length > 0;
}

/** What cannot be brought back at a site, how many and where, as one sentence. */
export function describeDamage(group: OpenGroup, site: SiteLetter, { chunks, journals }: Damage): string {
  const named = chunks.slice(0, namedChunks).map(({ pair, offset, length }) => {
    const path = group.definition.pairs.find((one) => one.number === pair)?.paths[site] ?? `pair ${pair}`;
    return `${path} bytes ${offset}-${offset + length}`;
  });
  const more = chunks.length > namedChunks ? [`and ${chunks.length - namedChunks} more`] : [];
  const written = `somebody else wrote to ${counted(chunks.length, 'chunk')} of the open cycle (${[...named, ...more].join('; ')})`;
  const lacking = `undo journals are damaged (${journals.join('; ')}), so that what else they held is not put back`;
  const said = [...(chunks.length > 0 ? [written] : []), ...(journals.length > 0 ? [lacking] : [])].join('; ');
  return `Not all of the replica can be brought back to its point: ${said}.`;
}
