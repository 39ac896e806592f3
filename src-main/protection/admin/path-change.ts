/** A volume that is to get another path, and how that is refused. */
import { SitepairError } from '../../contract/errors.ts';
import type { SiteLetter } from '../../contract/phases.ts';
import type { PairDefinition } from '../../store/record.ts';
import type { OpenGroup } from '../group.ts';

export interface PathChange {
  site: SiteLetter;
  /** As it was. */
  pair: PairDefinition;
  /** The new path. */
  to: string;
}

/** The error that says why a path is not changed now, as a clause. */
export function refusedChange(
  group: OpenGroup,
  { site, pair }: PathChange,
  why: string,
  remedy: string,
): SitepairError {
  return new SitepairError({
    code: 'not-allowed',
    message: `The path of ${pair.id} at ${group.definition.siteNames[site]} cannot be changed now: ${why}. No path was changed.`,
    where: pair.paths[site],
    remedy,
  });
}

/** How a lost volume at a side that was given up gets a successor. */
export function replacing({ name }: OpenGroup, { pair }: PathChange): string {
  return `once that failover is committed, a lost volume is replaced with: sitepair reprotect ${name} --replace ${pair.id}=PATH --confirm ${name}`;
}
