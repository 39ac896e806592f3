/** What keeps a replica fresh from here on, in a sentence. */
import type { OpenGroup } from '../group.ts';

export function freshBy({ name, definition }: OpenGroup): string {
  return definition.policy.scheduled
    ? `Cycles begin by the clock while Sitepair's window or its service runs here; one at any other time: sitepair sync ${name}`
    : `Keep the replica fresh with: sitepair sync ${name}`;
}
