/** A command killed at its first, second, … write, and what is tried after each kill. */
import { expect } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { Checkpoint, killed } from './kills.ts';
import type { TwoSites } from './two-sites.ts';

/** One way on from the state that a kill left. What it changes is put back before the next way is tried. */
export type WayOn = (group: GroupView) => Promise<void>;

export interface Sweep {
  words: readonly string[];
  /** Which files' changes count; see kills.ts. */
  files: RegExp;
  ways: readonly WayOn[];
}

/** Kills the command at every call in turn, until it gets through. Gives how often it was killed. */
export async function sweep(sites: TwoSites, { words, files, ways }: Sweep): Promise<number> {
  const before = new Checkpoint(sites);
  for (let nth = 1; ; nth += 1) {
    if (!(await killed(sites, { files, nth }, ...words))) {
      before.drop();
      return nth - 1;
    }
    const crashed = new Checkpoint(sites);
    for (const way of ways) {
      try {
        await way(await sites.sitepair.group(sites.name));
      } catch (error) {
        throw new Error(`After ${words.join(' ')} was killed before change ${nth}: ${String(error)}`, {
          cause: error,
        });
      }
      crashed.restore();
    }
    crashed.drop();
    before.restore();
  }
}

export function allows(group: GroupView, operation: Operation): boolean {
  return group.actions.some((action) => action.operation === operation && action.allowed);
}

/**
 * Goes on with what was cut off, or does it anew where nothing of it is durable; then the group must be in this phase.
 */
export async function goOn(
  sites: TwoSites,
  group: GroupView,
  words: readonly string[],
  until: GroupView['phase'],
): Promise<GroupView> {
  const { sitepair, name } = sites;
  if (allows(group, 'resume')) await sitepair.must('resume', name);
  else if (group.phase !== until) await sitepair.must(...words);
  const then = await sitepair.group(name);
  expect(then.phase, `from ${group.phase}`).toBe(until);
  return then;
}
