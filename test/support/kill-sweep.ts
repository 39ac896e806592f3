/** A command killed before its first, second, … change of the sites, and what is tried after each kill. */
import { expect } from 'vitest';
import type { GroupView } from '../../src-main/contract/groups.ts';
import type { Operation } from '../../src-main/contract/phases.ts';
import { Checkpoint, killed } from './kills.ts';
import type { TwoSites } from './two-sites.ts';

/** How long a sweep may take, milliseconds: it starts a few processes for each of the command's changes. */
export const sweepTimeout = 600_000;

/**
 * One way on from the state that a kill left, as `group show` tells it. What it changes is put back before the next.
 */
export type WayOn = (group: GroupView) => Promise<void>;

export interface Sweep {
  words: readonly string[];
  /** Which files' changes count; see kills.ts. */
  files: RegExp;
  ways: readonly WayOn[];
}

/**
 * Kills the command before every change in turn, until it gets through; the sites are then as it left them. Gives how
 * often it was killed.
 */
export async function sweep(sites: TwoSites, { words, files, ways }: Sweep): Promise<number> {
  const before = new Checkpoint(sites);
  for (let nth = 1; ; nth += 1) {
    if (!(await killed(sites, { files, nth }, ...words))) {
      before.drop();
      return nth - 1;
    }
    const group = await sites.sitepair.group(sites.name);
    const crashed = new Checkpoint(sites);
    for (const [n, way] of ways.entries()) {
      if (n > 0) crashed.restore();
      try {
        await way(group);
      } catch (error) {
        const where = `After ${words.join(' ')} was killed before change ${nth} (${group.phase}), way ${n + 1}`;
        throw new Error(`${where}: ${String(error)}`, { cause: error });
      }
    }
    crashed.drop();
    before.restore();
  }
}

export function allows(group: GroupView, operation: Operation): boolean {
  return group.actions.some((action) => action.operation === operation && action.allowed);
}

/** Carries out a command that must end well, and gives the group as it is then. */
export async function groupAfter(sites: TwoSites, words: readonly string[]): Promise<GroupView> {
  const { group } = await sites.sitepair.must(...words);
  if (!group) throw new Error(`${words.join(' ')} told of no group`);
  return group;
}

/**
 * Goes on with what was cut off; or does it anew where nothing of it is durable, which is where the phase is still the
 * one that it began in. At the end the group must be in the phase that it leads to.
 */
export async function goOn(
  sites: TwoSites,
  group: GroupView,
  words: readonly string[],
  phases: { from: GroupView['phase']; to: GroupView['phase'] },
): Promise<GroupView> {
  let then = group;
  if (allows(then, 'resume')) then = await groupAfter(sites, ['resume', sites.name]);
  if (then.phase === phases.from && phases.from !== phases.to) then = await groupAfter(sites, words);
  expect(then.phase).toBe(phases.to);
  return then;
}
