/** Volumes of which the operator accepts that not all is brought back: when that is so, and how it is told. */
import type { OperationRequest } from '../contract/runs.ts';
import type { SiteLetter } from '../contract/phases.ts';
import { counted } from '../contract/wording.ts';
import { isForeign } from '../store/evidence.ts';
import type { Damage } from '../store/damage.ts';
import type { MoveDamage, MoveOptions } from '../store/move.ts';
import type { OpenGroup } from './group.ts';
import type { RunContext } from './run-context.ts';

const namedChunks = 10;

const accepting: readonly OperationRequest['operation'][] = ['rollback', 'failover', 'resume', 'undo'];

/**
 * A rollback and an unplanned failover may leave damage, and so may a resume and an undo: where the source is lost, or
 * what was there before is wanted, there is no other way on.
 */
export function acceptsDamage({ operation, accept }: OperationRequest): boolean {
  return accepting.includes(operation) && accept?.includes('replica-intact') === true;
}

/**
 * Whether volumes are written that can be no other than foreign ones. It has a name of its own, as it is more than
 * damage: nobody gives it who was told of that only.
 */
export function acceptsForeign({ operation, accept }: OperationRequest): boolean {
  return accepting.includes(operation) && accept?.includes('volumes-recognized') === true;
}

function nameChunks(group: OpenGroup, site: SiteLetter, chunks: Damage['chunks']): string {
  const named = chunks.slice(0, namedChunks).map(({ pair, offset, length }) => {
    const path = group.definition.pairs.find((one) => one.number === pair)?.paths[site] ?? `pair ${pair}`;
    return `${path} bytes ${offset}-${offset + length}`;
  });
  const more = chunks.length > namedChunks ? [`and ${chunks.length - namedChunks} more`] : [];
  return [...named, ...more].join('; ');
}

/** What going on with an open cycle gives up, because somebody else wrote there. */
export function describeLost(group: OpenGroup, site: SiteLetter, chunks: Damage['chunks']): string {
  return `Somebody else wrote to ${counted(chunks.length, 'chunk')} of the open cycle (${nameChunks(group, site, chunks)}); what they held before is lost, so the points before are marked damaged.`;
}

function describeMove(group: OpenGroup, site: SiteLetter, { chunks, foreign, journals }: MoveDamage): string {
  // Where a journal lacks something, nobody need have written what does not fit.
  const are = `${counted(chunks.length, 'chunk')} (${nameChunks(group, site, chunks)})`;
  const written = journals.length === 0 ? `somebody else wrote to ${are}` : `what it says is not known of ${are}`;
  const strange = group.definition.pairs
    .filter(({ number }) => foreign.includes(number))
    .map(({ paths }) => `${paths[site]} held nothing of what the volume held that was being brought there`);
  const lacking = `undo journals are damaged (${journals.join('; ')}), so that what else they held was left as it was`;
  const parts = [...(chunks.length > 0 ? [written] : []), ...(journals.length > 0 ? [lacking] : []), ...strange];
  const said = parts.join('; ');
  return `Not all of the volumes is what the point says: ${said}. The points are marked damaged.`;
}

/** What a move between points is given where the operator accepts damage. */
export function acceptedInMove(
  group: OpenGroup,
  { request, reporter }: RunContext,
  site: SiteLetter,
): Pick<MoveOptions, 'accepted' | 'foreignAccepted'> {
  if (!acceptsDamage(request)) return {};
  return {
    foreignAccepted: acceptsForeign(request),
    accepted: (damage) => {
      reporter.warn(describeMove(group, site, damage));
    },
  };
}

/** What cannot be brought back at a site, how many and where, as one sentence. */
export function describeDamage(group: OpenGroup, site: SiteLetter, { chunks, journals, evidence }: Damage): string {
  const { written = [], unread = [] } = Object.groupBy(chunks, ({ unreadable }) => (unreadable ? 'unread' : 'written'));
  const byOthers = `somebody else wrote to ${counted(written.length, 'chunk')} of the open cycle (${nameChunks(group, site, written)})`;
  const failing = `${nameChunks(group, site, unread)} cannot be read, and the open cycle saved nothing there`;
  const lacking = `undo journals are damaged (${journals.join('; ')}), so that what else they held is not put back`;
  const foreign = group.definition.pairs.flatMap(({ number, paths }) => {
    const found = evidence.get(number);
    return found && isForeign(found) ? [`${paths[site]} holds nothing of what the cycle saved or wrote there`] : [];
  });
  const parts = [
    ...(written.length > 0 ? [byOthers] : []),
    ...(unread.length > 0 ? [failing] : []),
    ...(journals.length > 0 ? [lacking] : []),
    ...foreign,
  ];
  const said = parts.join('; ');
  return `Not all of the replica can be brought back to its point: ${said}.`;
}
